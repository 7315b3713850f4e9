#!/bin/sh
# Installs what the tests need besides Python packages: a browser, Chinese fonts, a PDF reader, a HEIC writer, Tesseract, an S3 server.
set -eu
packages="chromium fonts-noto-cjk fonts-arphic-ukai fonts-arphic-uming fonts-wqy-zenhei poppler-utils libheif-examples tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-eng tesseract-ocr-osd ceph-mon ceph-osd radosgw ceph-common openssl"

missing=""
for package in $packages; do
  [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
  become=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  become="sudo"
else
  echo "测试需要这些 Debian 软件包，请以 root 安装后重试 / The tests need these Debian packages; install them as root:$missing" >&2
  exit 1
fi
$become apt-get update -q
DEBIAN_FRONTEND=noninteractive $become apt-get install -q -y --no-install-recommends $missing
