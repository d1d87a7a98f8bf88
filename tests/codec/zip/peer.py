"""Python's zipfile as a peer.

peer.py pack FOLDER TARGETS  packs a folder in every form that the module can write, into files in TARGETS
peer.py many FILE COUNT      makes an archive of so many empty entries
peer.py list BATCH           tells what it reads in each of many archives, in the form that go/main.go describes
"""

import io
import pathlib
import struct
import sys
import zipfile
import zlib


class Pipe(io.RawIOBase):
    """A stream that can't seek: zipfile then writes data descriptors."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def writable(self):
        return True

    def seekable(self):
        return False

    def write(self, data):
        return self.file.write(data)

    def close(self):
        self.file.close()
        super().close()


def fill(archive, folder, force_zip64):
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder)) + ("/" if path.is_dir() else "")
        if path.is_dir():
            archive.write(path, name)
            continue
        with archive.open(zipfile.ZipInfo.from_file(path, name), "w", force_zip64=force_zip64) as out:
            out.write(path.read_bytes())
    archive.comment = b"packed by Python"


def pack(folder, targets):
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for force_zip64 in (False, True):
            for stream in (False, True):
                form = f"{method}-{'zip64' if force_zip64 else 'plain'}-{'pipe' if stream else 'file'}"
                path = targets / f"python-{form}.zip"
                out = Pipe(path) if stream else open(path, "wb")
                with out, zipfile.ZipFile(out, "w", method) as archive:
                    fill(archive, folder, force_zip64)
    # The short way most build scripts take, and bodies made in memory.
    with zipfile.ZipFile(targets / "python-writestr.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("made/", "")
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.writestr(str(path.relative_to(folder)), path.read_bytes())


def many(path, count):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(count):
            archive.writestr(str(number), b"")


def read(data):
    words = ["ok"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
            body = archive.read(entry)
            words.append(f"{name.hex()}:{zlib.crc32(body):08x}:{len(body)}")
    return " ".join(words)


def list_batch(path):
    data = path.read_bytes()
    while data:
        (size,) = struct.unpack_from("<I", data)
        try:
            line = read(data[4 : 4 + size])
        except Exception as error:  # whatever zipfile raises is its refusal
            line = "refused " + " ".join(repr(error).split())
        print(line)
        data = data[4 + size :]


def main():
    command, *arguments = sys.argv[1:]
    if command == "pack":
        pack(*map(pathlib.Path, arguments))
    elif command == "many":
        many(arguments[0], int(arguments[1]))
    elif command == "list":
        list_batch(pathlib.Path(arguments[0]))
    else:
        sys.exit(f"unknown command {command}")


if __name__ == "__main__":
    main()
