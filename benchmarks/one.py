"""Runs one module's figures in this process: python -m benchmarks.one MODULE SCALE ANSWER.json"""

import importlib
import json
import sys
from pathlib import Path

import django

from benchmarks.harness import Scale
from portal.memory import settle

if __name__ == "__main__":
    name, scale, answer = sys.argv[1:]
    django.setup()
    settle()
    module = importlib.import_module(f"benchmarks.{name}")
    figures = []
    for figure in module.figures(Scale(scale)):
        print(f"   {figure.name}: {figure.value:.3f} {figure.unit} · {figure.how}", flush=True)
        figures.append(figure.as_row())
    Path(answer).write_text(json.dumps(figures, ensure_ascii=False))
