"""A small, complete and correct folder of tables for tests to break: 3 leaves, 5 variables, an arc."""

from __future__ import annotations

from pathlib import Path

SMALL: dict[str, str] = {
    "diagnoses.csv": """\
id,parent,label,group,table_row,definition
flu,,Influenza,infectious,yes,Infection with influenza virus
flu_a,flu,Influenza A,infectious,,Infection with influenza A virus
flu_b,flu,Influenza B,infectious,,Infection with influenza B virus
other,,None of these,other,,Anything else
""",
    "findings.csv": """\
id,label,kind,role,order,synonyms,note
age_years,Age,age,finding,history,years,
region,Region,categorical,context,history,country|place,
fever,Fever,binary,finding,examination,temperature,
rash,Rash,categorical,finding,examination,,
camera,Camera,categorical,protocol,examination,,
""",
    "states.csv": """\
finding,id,label,reference,note
age_years,age_0_18,0 to 17,,
age_years,age_18_121,18 or older,,
region,north,North,,
region,south,South,,
fever,absent,Absent,yes,
fever,present,Present,,
rash,none,None,yes,
rash,face,Face,,
rash,trunk,Trunk,,
camera,3T,Three,,
camera,1.5T,One and a half,,
""",
    "links.csv": """\
child,parent,parent_state,diagnosis,child_state,direction,reason,facts
fever,region,south,flu,present,+,warmer there,101-0002
""",
    "exclusions.csv": """\
finding,state,other,other_state,reason
rash,trunk,fever,absent,a rash of the trunk comes with fever
""",
    "orders.csv": """\
id,label,position,cost,delay_days,invasiveness,hazard,note
history,History,1,0,0,0,,
examination,Examination,2,0.5,0,0,,
""",
    "scales.csv": """\
scale,term,mapping,low,median,high,source
word,common,literature,0.25,0.5,0.8,invented for the tests
listed,table,literature,0.1,0.3,0.7,invented for the tests
root,region=north,literature,0.4,0.6,0.8,invented for the tests
root,region=south,literature,0.2,0.4,0.6,invented for the tests
root,camera=3T,literature,0.2,0.5,0.8,invented for the tests
root,camera=1.5T,literature,0.2,0.5,0.8,invented for the tests
""",
    "prior_settings.csv": """\
setting,diagnosis,region,ancestry,low,median,high,facts,note
documents,flu_a,,,5,10,20,101-0004,
documents,flu_b,north,,1,2,4,,
documents,flu_b,south,,2,4,8,,
documents,other,,,50,100,200,,
""",
    "sources.csv": """\
id,title,citation,doi,accessed,note
101,Invented,Nobody. Invented for the tests.,,,
""",
    "left_out.csv": """\
ledger,reason
F0004,says nothing about a patient
""",
    "glossary.csv": """\
term,finding,state,label,label_de,definition,definition_de,drawing,source
fever,fever,,,,Body heat,Erhöhte Körperwärme,,101-0001
mask,rash,face,Facial rash,Gesichtsausschlag,Red spots of the face,Rote Flecken im Gesicht,,"general knowledge, no source"
odds,,,Odds,Odds,Share by what is left,Anteil durch Rest,,meaning in this app
""",
    "not_modelled.csv": """\
term,label,label_de,synonyms,instead,note,note_de
sunburn,Sunburn,Sonnenbrand,UV damage|Erythem,rash,Not asked for,Nicht gefragt
""",
    "search_words.csv": """\
finding,state,diagnosis,order,words
fever,,,,pyrexia|Hitze
rash,face,,,slapped cheek
,,flu_a,,swine flu
,,,examination,check-up
""",
    "sections.csv": """\
id,order,label,label_de,findings
skin,examination,Skin and heat,Haut und Wärme,fever|rash|camera
""",
    "ledger_ids.txt": "F0001\nF0002\nF0003\nF0004\n",
    "facts/101.csv": """\
id,location,diagnosis,finding,state,given,kind,low,high,n,term,denominator,statement,ledger
101-0001,"Table 3, cord",flu,fever,present,,count,30,,40,,patients,30 of 40 had fever,F0001
101-0002,Results,flu,fever,present,region=south,word,,,,common,patients,Fever is common in the south,F0002
101-0003,Results,flu,age_years,,,age_range,20,40,,,patients,20 to 40 years old,F0003
101-0004,Results,flu_a,,,,prior,,,,,,The usual type,
""",
}
"""Text of every file, by path in the folder."""


LAYERS: dict[str, str] = {
    "facts/literature/flu_a.csv": """\
id,source,location,diagnosis,finding,state,given,kind,low,high,n,match,tags,population,statement,note
L0001,smith2001,abstract,flu_a,fever,present,,count,30,,50,exact,,adults,Fever in 30 of 50,
L0002,jones2002,abstract,flu_a,rash,face,,count,5,,50,broad,children,children,Rash of the face in 5 of 50,
L0003,jones2002,abstract,flu_a,age_years,,,age_mean,12,,50,exact,,children,Mean age 12,
""",
    "publications.csv": """\
id,first_author,year,title,journal,doi,pmid,pmcid,url,study_type,n_patients,country,period,population,part_seen,note
smith2001,Smith,2001,Influenza A,Journal,10.1000/1,,,,cohort,50,,,adults,abstract,
jones2002,Jones,2002,Influenza A in children,Journal,,12345,,,cohort,50,,,children,abstract,
""",
    "judgement/cells.csv": """\
finding,state,diagnosis,median,low,high
fever,present,flu_a,0.7,0.5,0.9
fever,present,flu_b,0.6,0.4,0.8
rash,face,flu_a,0.05,0.01,0.2
rash,trunk,flu_a,0.1,0.03,0.3
""",
    "judgement/ages.csv": """\
diagnosis,component,weight,mean,sd
flu_a,1,0.4,10,5
flu_a,2,0.6,50,15
""",
    "definitions.csv": """\
diagnosis,finding,state,reason
flu_b,fever,present,a fever of type B
""",
}
"""Texts of the layers below the documents; `write_layers` adds them to the small tables."""


def write_layers(folder: Path, **changes: tuple[str, str]) -> Path:
    """Add the layers below the documents to a folder of small tables, with changes as in `write_tables`."""
    texts = dict(LAYERS)
    names = {name.rpartition("/")[2].split(".")[0]: name for name in texts}
    for table, (old, new) in changes.items():
        if texts[names[table]].count(old) != 1:
            msg = f"{table}: {old!r} stands there {texts[names[table]].count(old)} times; it must stand there once"
            raise ValueError(msg)
        texts[names[table]] = texts[names[table]].replace(old, new)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def write_tables(folder: Path, **changes: tuple[str, str]) -> Path:
    """
    Write the small tables into a folder, with changes, and return the folder.

    Parameters
    ----------
    folder : Path
        Where to write; it is made if it is not there.
    **changes : tuple of (str, str)
        By table name without ending (`facts_101` is facts/101.csv): a text that stands there once, and what
        to put in its place.

    Raises
    ------
    ValueError
        If the text to be replaced does not stand in the file exactly once: no change is silently lost.
    """
    texts = dict(SMALL)
    names = {name.replace("/", "_").split(".")[0]: name for name in texts}
    for table, (old, new) in changes.items():
        name = names[table]
        if texts[name].count(old) != 1:
            msg = f"{name}: {old!r} stands there {texts[name].count(old)} times; it must stand there once"
            raise ValueError(msg)
        texts[name] = texts[name].replace(old, new)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
