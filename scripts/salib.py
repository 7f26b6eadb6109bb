#!/usr/bin/env python3
"""Lets SALib, an independent implementation, estimate indices and effects from the program's own samples.

The samples are those of the test `indices_and_effects_agree_with_salib_on_the_same_sample`; to make them anew:

    FONDACO_BLESS_SALIB=1 cargo test --release --lib agree_with_salib
    pip install SALib
    python3 scripts/salib.py tests/golden/salib.json

The numbers in the repository were made with SALib 1.6.0, NumPy 2.4.6 and SciPy 1.17.1.
"""

import json
import sys

import numpy as np
from SALib.analyze import morris, sobol


def main(path):
    cases = json.load(open(path))
    for case in cases:
        kind, function = case["name"].split(" ")
        x, y = np.array(case["x"]), np.array(case["y"])
        names = [f"x{i + 1}" for i in range(x.shape[1])]
        ends = [-np.pi, np.pi] if function == "ishigami" else [0.0, 1.0]
        problem = {"num_vars": len(names), "names": names, "bounds": [ends] * len(names)}
        if kind == "sobol":
            found = sobol.analyze(problem, y, calc_second_order=False, seed=1)
            case["salib"] = [list(map(float, found[key])) for key in ("S1", "ST")]
            case["x"] = []
        else:
            found = morris.analyze(problem, x, y, num_levels=4, scaled=False, seed=1)
            case["salib"] = [list(map(float, found[key])) for key in ("mu", "mu_star", "sigma")]
            case["x"] = []
    json.dump(cases, open(path, "w"), indent=1)
    print(json.dumps([{case["name"]: case["salib"]} for case in cases], indent=1))


if __name__ == "__main__":
    main(sys.argv[1])
