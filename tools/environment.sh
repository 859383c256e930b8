#!/usr/bin/env bash
# Make an environment from its hashed lock: `tools/environment.sh main|rasa`, mutation|openfisca for two long reports, or audit.
# Looks for the Pythons on PATH, in pyenv's versions folder, and through uv; says in one line what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

version_of() { "$1" -c 'import sys; print("%d %d" % sys.version_info[:2])' 2>/dev/null || true; }

works() { # works PYTHON MIN_MINOR MAX_MINOR
    local major minor
    read -r major minor <<<"$(version_of "$1")"
    [ "${major:-0}" = 3 ] && [ "${minor:-0}" -ge "$2" ] && [ "${minor:-0}" -le "$3" ] && "$1" -c 'import venv, ensurepip, ssl, sqlite3' 2>/dev/null
}

find_python() { # find_python MIN_MINOR MAX_MINOR
    local minor candidate
    for minor in $(seq "$1" "$2"); do
        for candidate in "python3.$minor" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python; do
            if works "$candidate" "$1" "$2"; then command -v "$candidate"; return 0; fi
        done
    done
    if works python3 "$1" "$2"; then command -v python3; return 0; fi
    if command -v uv >/dev/null 2>&1; then
        for minor in $(seq "$1" "$2"); do
            candidate=$(uv python find --no-python-downloads "3.$minor" 2>/dev/null || true)
            if [ -n "$candidate" ] && works "$candidate" "$1" "$2"; then echo "$candidate"; return 0; fi
        done
    fi
    return 1
}

fail() { echo "redress: $*" >&2; exit 1; }

# Downloads can take minutes: a line every ten seconds says that it still goes on.
still_busy() { while sleep 10; do echo "redress: still making $folder, $((SECONDS - started)) s ..."; done; }

name=$1
case $name in
    main) folder=.venv; lock=requirements/dev.lock; lowest=11; highest=13 ;;
    rasa) folder=.venv-rasa; lock=requirements/rasa.lock; lowest=10; highest=10 ;;
    mutation|openfisca|audit) folder=.venv-$name; lock=requirements/$name.lock; lowest=11; highest=13 ;;
    *) fail "tools/environment.sh takes main, rasa, mutation, openfisca or audit" ;;
esac

# Both Pythons are looked for first, so that a missing one is said before anything long begins.
find_python 10 10 >/dev/null || fail "Python 3.10 is missing (Rasa needs it). Install it: 'pyenv install 3.10', 'uv python install 3.10', or your system's python3.10 with python3.10-venv."
python=$(find_python $lowest $highest) || fail "Python 3.11 to 3.13 is missing. Install it: 'pyenv install 3.11', 'uv python install 3.11', or your system's python3.11 with python3.11-venv."

if [ "$name" = rasa ] && [ "$(uname -m)" = x86_64 ] && [ -r /proc/cpuinfo ] && ! grep -q -m1 avx2 /proc/cpuinfo; then
    command -v cc >/dev/null || fail "this processor has no AVX2, so the sentence encoder is built from source: install a C compiler (cc)."
fi

echo "redress: making $folder with $("$python" --version 2>&1) ($(grep -c '==' "$lock") packages; the first time takes a few minutes) ..."
started=$SECONDS
still_busy &
trap "kill $! 2>/dev/null || true" EXIT
# uv makes an environment in a quarter of pip's time. Where the machine has none it is installed for this project alone.
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    uv=build/tools/bin/uv
    [ -x "$uv" ] || { "$python" -m venv build/tools && build/tools/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes --no-deps -r requirements/tools.lock; } || uv=""
fi
if [ -n "$uv" ] && [ -x "$uv" ]; then
    [ -x "$folder/bin/python" ] || "$uv" venv --quiet --python "$python" "$folder"
    "$uv" pip sync --quiet --require-hashes --python "$folder/bin/python" "$lock"
else
    [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock"
fi

if [ "$name" = main ] || [ "$name" = mutation ]; then
    # Our packages are used in place: the folder on the path, and the `redress` command.
    site=$("$folder/bin/python" -c 'import site; print(site.getsitepackages()[0])')
    pwd > "$site/redress.pth"
    printf '#!%s\nfrom cli.main import main\n\nmain()\n' "$PWD/$folder/bin/python" > "$folder/bin/redress"
    chmod +x "$folder/bin/redress"
fi
mkdir -p build/stamps
touch "build/stamps/$name"
echo "redress: $folder is ready after $((SECONDS - started)) s."
