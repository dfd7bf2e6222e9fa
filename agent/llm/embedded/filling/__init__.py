"""What fills an argument, by its role."""

from agent.llm.embedded.domains.images.pictures import fill_images
from agent.llm.embedded.domains.molecules.filling.affinity import fill_proteins
from agent.llm.embedded.domains.molecules.filling.design import (
    fill_molecule_count,
    fill_objective,
    fill_scaffold,
)
from agent.llm.embedded.domains.molecules.filling.docking import (
    fill_best,
    fill_bound_ligand,
    fill_point,
    fill_protein,
    fill_receptor,
)
from agent.llm.embedded.domains.molecules.likeness import find_similarity
from agent.llm.embedded.domains.molecules.objective import find_evaluations
from agent.llm.embedded.domains.tables.event_values import fill_event_values
from agent.llm.embedded.filling.step import Filler, Step
from agent.llm.embedded.filling.things import (
    fill_article,
    fill_dataset,
    fill_model,
    fill_path,
    fill_records,
    fill_smiles,
)
from agent.llm.embedded.filling.values import (
    fill_choice,
    fill_column,
    fill_columns,
    fill_count,
    fill_flag,
    fill_main_text,
    fill_plain_number,
    fill_query,
    fill_stated_columns,
    fill_year,
    filler_of,
)
from agent.llm.embedded.slots.quantities import find_row, find_seconds, find_seed

__all__ = ["FILLERS", "Filler", "Step", "fill_stated_columns"]

FILLERS: dict[str, Filler] = {
    "receptor": fill_receptor,
    "protein": fill_protein,
    "proteins": fill_proteins,
    "dataset": fill_dataset,
    "model": fill_model,
    "images": fill_images,
    "smiles": fill_smiles,
    "article_id": fill_article,
    "records": fill_records,
    "column": fill_column,
    "target": fill_column,
    "columns": fill_columns,
    "event_values": fill_event_values,
    "choice": fill_choice,
    "query": fill_query,
    "year": fill_year,
    "count": fill_count,
    "seed": filler_of(find_seed),
    "seconds": filler_of(find_seconds),
    "row": filler_of(find_row),
    "objective": fill_objective,
    "scaffold": fill_scaffold,
    "molecule_count": fill_molecule_count,
    "similarity": filler_of(find_similarity),
    "evaluations": filler_of(find_evaluations),
    "bound_ligand": fill_bound_ligand,
    "point": fill_point,
    "best": fill_best,
    "path": fill_path,
    "text": fill_main_text,
    "boolean": fill_flag,
    "integer": fill_plain_number,
    "number": fill_plain_number,
}
"""What fills an argument, by its role (or JSON type, where it has none), in this order."""
