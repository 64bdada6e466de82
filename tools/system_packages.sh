#!/usr/bin/env bash
# Looks for what the system must give and installs what is missing, as root or with sudo.
# Otherwise it names the packages and ends with 3; the caller goes on with what works.
set -uo pipefail

purpose=${1:?run or test}
missing=()

has_library() { { /sbin/ldconfig -p 2>/dev/null || true; } | grep -q "$1"; }
has_program() { command -v "$1" >/dev/null 2>&1; }
needs() { missing+=("$@"); }

has_library 'libpango-1\.0\.so\.0' || needs libpango-1.0-0
has_library 'libpangoft2-1\.0\.so\.0' || needs libpangoft2-1.0-0
has_library 'libharfbuzz-subset\.so\.0' || needs libharfbuzz-subset0
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || fc-list 2>/dev/null | grep -q 'Noto Sans CJK SC' ||
    needs fonts-noto-cjk
if [ "$purpose" = test ]; then
    has_program initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || needs postgresql
    has_program redis-server || needs redis-server
    has_program chromium || needs chromium
    # Proves that exported workbooks open where people open them.
    has_program soffice || needs libreoffice-calc-nogui
    # The browser driver's own runtime is linked against it.
    has_library 'libatomic\.so\.1' || needs libatomic1
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    become=()
elif has_program sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    become=(sudo)
else
    become=(false)
fi
if has_program apt-get && [ "${become[*]:-}" != false ]; then
    echo "Installing system packages: ${missing[*]}"
    install=("${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
    log=$(mktemp)
    if { "${install[@]}" update -q && "${install[@]}" install -q -y --no-install-recommends "${missing[@]}"; } \
        </dev/null >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
fi
{
    echo "Missing system packages: ${missing[*]}"
    echo "  install them with: apt-get install --no-install-recommends ${missing[*]}"
    [ "$purpose" = run ] && echo "  The portal runs without them; PDF documents cannot be printed until they are there."
} >&2
exit 3
