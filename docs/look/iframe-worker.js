/* Search without a server: pages opened from the disk may start no Worker, so a hidden frame does its work. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "search";
      document.body.append(frame);
      const page = frame.contentWindow;
      window.addEventListener("message", (event) => {
        if (event.source !== page) return;
        const heard = new MessageEvent("message", { data: event.data });
        this.dispatchEvent(heard);
        this.onmessage?.(heard);
      });
      page.postMessageHere = page.postMessage.bind(page);
      page.postMessage = (data) => parentMessage(page, data);
      const load = (address) =>
        new Promise((resolve, reject) => {
          const script = page.document.createElement("script");
          Object.assign(script, { src: address, onload: resolve, onerror: reject });
          page.document.body.append(script);
        });
      page.importScripts = (...addresses) =>
        addresses.reduce((before, address) => before.then(() => load(address)), Promise.resolve());
      this.ready = load(String(url));
      this.post = (data) => page.postMessageHere(data, "*");
    }

    postMessage(data) {
      this.ready.then(() => this.post(data));
    }

    terminate() {}
  };

  /* The frame itself must be the sender: a function of its own makes it so. */
  const parentMessage = (page, data) => {
    page.send ??= page.Function("data", "parent.postMessage(data, '*')");
    page.send(data);
  };
}
