"""
Files of patients, whatever program wrote them: case files, phenopackets, tables.

What a file holds is read, or named in a note, or refused in a line that says where it stands and what to do.
"""
