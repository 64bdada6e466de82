#!/usr/bin/env bash
# Makes .venv and installs requirements/$1.txt into it; does nothing when that has been done already.
set -euo pipefail

kind=${1:?run or dev}
python=${PYTHON:-python3}
stamp=.venv/.$kind.sha256

[ -x .venv/bin/python ] && sha256sum --check --status "$stamp" 2>/dev/null && exit 0

if [ ! -x .venv/bin/python ]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Python 3.11 or newer is needed; $python is $("$python" --version). Name another: make PYTHON=python3.12 …" >&2
        exit 1
    }
    echo "Making the virtual environment .venv"
    # Debian packs ensurepip apart (python3-venv); without it the system's pip installs into the environment.
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv .venv
    else
        "$python" -m venv --without-pip .venv
    fi
fi

echo "Installing Python packages (requirements/$kind.txt)"
if .venv/bin/python -c 'import pip' 2>/dev/null; then
    pip=(.venv/bin/python -m pip)
elif "$python" -c 'import pip' 2>/dev/null; then
    pip=("$python" -m pip --python .venv/bin/python)
else
    echo "pip is missing: install python3-pip (or python3-venv) and try again." >&2
    exit 1
fi
"${pip[@]}" install --quiet --disable-pip-version-check --require-hashes -r "requirements/$kind.txt"
sha256sum "requirements/$kind.txt" >"$stamp"
