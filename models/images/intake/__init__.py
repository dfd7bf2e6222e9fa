"""Images at the door: what lies in a folder, what is the same, what is not the patient."""
