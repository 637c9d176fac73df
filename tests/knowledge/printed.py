"""
Tables 1 to 3 of the review (source 001), transcribed a second time for the tests, cell by cell, from the printed page.

The facts were transcribed by someone else; where the two differ, one of them is wrong. Symbols are ASCII: ``-`` is
the printed minus, ``rare`` the printed word with or without its bracketed remark.
"""

from __future__ import annotations

BOTH, INFRA, SUPRA = "supratentorial and infratentorial", "infratentorial", "mostly supratentorial"

TABLE_3 = {
    # row: (PVS pattern, localisation, leptomeningeal enhancement, haemorrhages, spinal cord involvement)
    "neurosarcoidosis": ("+", BOTH, "+", "rare", "+"),
    "cns_vasculitis": ("+", BOTH, "+", "+", "rare"),
    "cns_lymphoma": ("+", BOTH, "+", "rare", "+"),
    "erdheim_chester_disease": ("+", BOTH, "+", "-", "rare"),
    "lyme_neuroborreliosis": ("+", BOTH, "+", "-", "+"),
    "vitamin_b12_deficiency": ("+", BOTH, "-", "-", "+"),
    "clippers": ("+", INFRA, "-", "-", "+"),
    "cns_candidiasis": ("+", BOTH, "+", "+", "-"),
    "cns_cryptococcosis": ("+", SUPRA, "+", "-", "rare"),
    "pml_iris": ("+", BOTH, "-", "-", "-"),
    "gfap_meningoencephalomyelitis": ("+", BOTH, "+", "-", "+"),
    "nmosd": ("+", BOTH, "+", "-", "+"),
    "behcet_disease": ("+", INFRA, "+", "+", "-"),
    "neurotuberculosis": ("-", BOTH, "+", "-", "-"),
    "cns_histoplasmosis": ("-", BOTH, "+", "-", "+"),
    "susac_syndrome": ("-", SUPRA, "+", "-", "rare"),
    "brain_metastases": ("+/-", BOTH, "+", "+/-", "+"),
}

TABLE_3_FINDINGS = {
    # position in a row of TABLE_3: (finding, state that the symbol is about)
    0: ("pvs_pattern", "present"),
    2: ("leptomeningeal_enhancement", "present"),
    3: ("haemorrhage", "present"),
    4: ("spinal_cord_involvement", "cord"),
}

TABLE_3_REMARKS = {
    # bracketed remarks: (row, finding, state, given)
    ("cns_lymphoma", "haemorrhage", "present", "immune_status=competent"),
    ("cns_candidiasis", "spinal_cord_involvement", "vertebral", ""),
    ("neurotuberculosis", "spinal_cord_involvement", "vertebral", ""),
    ("cns_cryptococcosis", "spinal_cord_involvement", "cord", "immune_status=compromised"),
    ("susac_syndrome", "corpus_callosum_lesions", "present", ""),
}

TABLE_2 = {
    # row: (sex, corticosteroid responsiveness)
    "neurosarcoidosis": ("F>M", "+"),
    "cns_vasculitis": ("M>F", "+"),
    "cns_lymphoma": ("M>F", "+"),
    "erdheim_chester_disease": ("M>F", "-"),
    "lyme_neuroborreliosis": ("M=F", "-"),
    "vitamin_b12_deficiency": ("M=F", "-"),
    "clippers": ("M=F", "+"),
    "cns_candidiasis": ("M=F", "-"),
    "cns_cryptococcosis": ("M=F", "+"),
    "pml_iris": ("M=F", "+"),
    "gfap_meningoencephalomyelitis": ("M=F", "+"),
    "nmosd": ("F>M", "+"),
    "behcet_disease": ("M>F", "+"),
    "neurotuberculosis": ("M=F", "-"),
    "cns_histoplasmosis": ("M=F", "-"),
    "susac_syndrome": ("F>M", "+"),
    "brain_metastases": ("M=F", "+/-"),
}

TABLE_2_LISTS = {
    # row: findings that the columns symptoms, CSF and additional tests name, as findings of the network
    "neurosarcoidosis": "raised_icp_symptoms cranial_nerve_palsy chest_ct bronchoalveolar_lavage",
    "cns_vasculitis": "headache stroke_like_episodes dsa_vessel_abnormality",
    "cns_lymphoma": "headache raised_icp_symptoms csf_malignant_cells csf_protein_high pet_ct_hypermetabolism",
    "erdheim_chester_disease": "bone_pain diabetes_insipidus long_bone_sclerosis",
    "lyme_neuroborreliosis": "erythema_migrans cranial_nerve_palsy serum_borrelia_antibodies",
    "vitamin_b12_deficiency": "anaemia peripheral_neuropathy vitamin_b12_low spinal_cord_involvement",
    "clippers": "ataxia diplopia dizziness nausea csf_oligoclonal_bands spinal_cord_involvement",
    "cns_candidiasis": "meningism organ_failure csf_fungal_culture endocarditis_on_echo dsa_vessel_abnormality",
    "cns_cryptococcosis": "meningism focal_deficit csf_fungal_culture chest_ct",
    "pml_iris": "cognitive_impairment focal_deficit sensory_loss csf_jc_virus_pcr",
    "gfap_meningoencephalomyelitis": "meningism encephalopathy csf_gfap_igg serum_gfap_igg",
    "nmosd": "optic_neuritis area_postrema_syndrome cord_lesion_length serum_aqp4_igg spinal_cord_involvement",
    "behcet_disease": "pyramidal_signs behavioural_change dsa_vessel_abnormality",
    "neurotuberculosis": (
        "focal_deficit raised_icp_symptoms behavioural_change seizures csf_tuberculosis_pcr_or_culture chest_ct"
    ),
    "cns_histoplasmosis": "cough csf_histoplasma_antibodies serum_histoplasma_antibodies chest_ct",
    "susac_syndrome": (
        "encephalopathy hearing_loss visual_disturbance branch_retinal_artery_occlusion sensorineural_hearing_loss"
    ),
    "brain_metastases": "headache focal_deficit csf_malignant_cells pet_ct_hypermetabolism",
}

TABLE_2_AGES = {
    # row: numbers of years that the cell prints
    "neurosarcoidosis": {20, 40},
    "cns_vasculitis": {50},
    "cns_lymphoma": {50},
    "erdheim_chester_disease": {50},
    "lyme_neuroborreliosis": {2, 15, 30, 55},
    "clippers": {50},
    "gfap_meningoencephalomyelitis": {40},
    "nmosd": {35, 60},
    "behcet_disease": {10, 50},
    "susac_syndrome": {20, 40},
}

IMMUNOCOMPROMISED = {"cns_candidiasis", "cns_cryptococcosis", "pml_iris", "cns_histoplasmosis"}
"""Rows whose cell of Table 2 says "immunocompromised adults"."""

TABLE_1_PVS = {
    *("brain_metastases", "lyme_neuroborreliosis", "cns_candidiasis", "cns_cryptococcosis", "pml_iris"),
    *(
        "cns_lymphoma",
        "neurosarcoidosis",
        "cns_vasculitis",
        "erdheim_chester_disease",
        "vitamin_b12_deficiency",
    ),
    *("clippers", "behcet_disease", "gfap_meningoencephalomyelitis", "nmosd"),
}
TABLE_1_NON_PVS = {"brain_metastases", "neurotuberculosis", "cns_histoplasmosis", "susac_syndrome"}

BOX_1 = {
    "haemorrhage": {"cns_vasculitis", "cns_candidiasis", "behcet_disease"},
    "leptomeningeal_enhancement": {
        *("cns_lymphoma", "brain_metastases", "neurosarcoidosis", "nmosd"),
        *("neurotuberculosis", "lyme_neuroborreliosis", "cns_histoplasmosis", "cns_candidiasis"),
    },
    "spinal_cord_involvement": {
        *("neurosarcoidosis", "vitamin_b12_deficiency", "clippers", "gfap_meningoencephalomyelitis"),
        *("neurotuberculosis", "cns_candidiasis"),  # of the vertebrae
    },
    "localisation": {"clippers", "behcet_disease"},
    "steroid_response": {
        *("clippers", "cns_lymphoma", "cns_vasculitis", "nmosd", "gfap_meningoencephalomyelitis"),
        *("behcet_disease", "neurosarcoidosis", "pml_iris", "susac_syndrome"),
    },
    "oral_ulcers": {"behcet_disease"},
    "genital_ulcers": {"behcet_disease"},
    "uveitis": {"behcet_disease"},
    "bone_pain": {"erdheim_chester_disease"},
    "diabetes_insipidus": {"erdheim_chester_disease"},
    "encephalopathy": {"susac_syndrome"},
    "hearing_loss": {"susac_syndrome"},
    "visual_disturbance": {"susac_syndrome"},
    "headache": {"susac_syndrome"},
    "natalizumab": {"pml_iris"},
}
"""Finding -> rows that the checklist names beside it."""
