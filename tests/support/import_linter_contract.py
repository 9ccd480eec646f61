"""A contract for import-linter: a package imports itself, the standard library, and what is listed."""

from __future__ import annotations

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowedContract(Contract):
    """Import-linter can forbid modules by name; a list of what is allowed also holds for libraries to come.

    ``package`` is the package that is checked; ``allowed`` are the libraries that it may import.
    """

    package = fields.StringField()
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - import-linter's interface
        """Find every direct import of the package that leads to something else."""
        modules = {self.package, *graph.find_descendants(self.package)}
        known = {*sys.stdlib_module_names, *self.allowed}
        broken = [
            (importer, imported)
            for importer in sorted(modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported not in modules and imported.partition(".")[0] not in known
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that is not allowed."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} is not allowed to import {imported}")
