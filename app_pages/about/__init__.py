"""Screen 8, "About": scope, assumptions, versions, how to cite."""
