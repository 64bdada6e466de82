#!/bin/sh
# Without a certificate of your own in /etc/nginx/certificates, make one that browsers will warn about.
set -eu
folder=/etc/nginx/certificates
[ -s "$folder/portal.crt" ] && exit 0
mkdir -p "$folder"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$PORTAL_HOST" \
    -addext "subjectAltName=DNS:$PORTAL_HOST" -keyout "$folder/portal.key" -out "$folder/portal.crt" 2>/dev/null
echo "Made a self-signed certificate for $PORTAL_HOST; put your own portal.crt and portal.key in its place."
