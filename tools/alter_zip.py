#!/usr/bin/env python3
"""Alters ZIP archives the way an attacker, or an innocent tool, would: the result is always a sound archive.

usage: alter_zip.py CHANGE IN.zip OUT.zip [ARGUMENT]...

Lengths, offsets and checksums of OUT.zip are right, so no unzip program notices anything. Changes:

  edit MEMBER OLD NEW   replace text in a member's body
  rename MEMBER NEW     give a member another name
  swap MEMBER OTHER     let two members change places
  add MEMBER TEXT       add a member at the end
  remove MEMBER         leave a member out
  shift MEMBER COUNT    move the first COUNT bytes of a member's name to the end of the body before it
  recompress            compress what was stored, store what was compressed
  retime                set other modification times
  chmod                 set other permissions
  comment TEXT          set the archive's comment

It reads and writes the format itself, with nothing of the product in it: the demo and the tests attack with it.
"""

import dataclasses
import struct
import sys
import zlib

STORED, DEFLATED = 0, 8
UTF8_NAME = 0x800
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


@dataclasses.dataclass
class Member:
    name: bytes
    body: bytes
    method: int = DEFLATED
    flags: int = UTF8_NAME
    time: int = 0x6000
    date: int = 0x5A21
    made_by: int = 0x031E  # Unix
    attributes: int = 0o100644 << 16
    extra: bytes = b""
    comment: bytes = b""
    level: int = 6

    def packed(self) -> bytes:
        if self.method == STORED:
            return self.body
        deflate = zlib.compressobj(self.level, zlib.DEFLATED, -15)
        return deflate.compress(self.body) + deflate.flush()


@dataclasses.dataclass
class Archive:
    """Members in the order of the central directory."""

    members: list[Member]
    comment: bytes = b""

    def find(self, name: str | bytes) -> int:
        wanted = name.encode() if isinstance(name, str) else name
        for index, member in enumerate(self.members):
            if member.name == wanted:
                return index
        raise SystemExit(f"alter_zip: there is no member {wanted.decode(errors='replace')}")

    def __getitem__(self, name: str | bytes) -> Member:
        return self.members[self.find(name)]


def end_record(data: bytes) -> tuple[int, int, int]:
    """Where the end record starts, where the central directory does, and how many entries it has."""
    end = data.rindex(END)
    count, _, directory = struct.unpack_from("<HLL", data, end + 10)
    return end, directory, count


def central_records(data: bytes) -> list[bytes]:
    _, at, count = end_record(data)
    records = []
    for _ in range(count):
        assert data[at : at + 4] == CENTRAL, "no central directory here"
        size = 46 + sum(struct.unpack_from("<HHH", data, at + 28))
        records.append(data[at : at + size])
        at += size
    return records


def read_member(data: bytes, record: bytes) -> Member:
    (
        made_by,
        _,
        flags,
        method,
        time,
        date,
        _,
        packed_size,
        _,
        name_size,
        extra_size,
        comment_size,
        _,
        _,
        attributes,
        offset,
    ) = struct.unpack_from("<HHHHHHLLLHHHHHLL", record, 4)
    name_end, extra_end = 46 + name_size, 46 + name_size + extra_size
    local_name, local_extra = struct.unpack_from("<HH", data, offset + 26)
    start = offset + 30 + local_name + local_extra
    packed = data[start : start + packed_size]
    body = zlib.decompress(packed, -15) if method == DEFLATED else packed
    return Member(
        name=record[46:name_end],
        body=body,
        method=method,
        flags=flags & UTF8_NAME,  # sizes are written up front, so there is no data descriptor
        time=time,
        date=date,
        made_by=made_by,
        attributes=attributes,
        extra=b"",  # of two kinds, local and central; nothing that is signed is in them
        comment=record[extra_end : extra_end + comment_size],
    )


def read(data: bytes) -> Archive:
    end, _, _ = end_record(data)
    return Archive([read_member(data, record) for record in central_records(data)], data[end + 22 :])


def write(archive: Archive) -> bytes:
    """The bodies in the order of the members, then the central directory in the same order."""
    out, directory = bytearray(), bytearray()
    for member in archive.members:
        packed = member.packed()
        fields = struct.pack(
            "<HHHHLLL",
            member.flags,
            member.method,
            member.time,
            member.date,
            zlib.crc32(member.body),
            len(packed),
            len(member.body),
        )
        lengths = struct.pack("<HH", len(member.name), len(member.extra))
        tail = struct.pack("<HHHLL", len(member.comment), 0, 0, member.attributes, len(out))
        version = struct.pack("<H", 20)
        directory += CENTRAL + struct.pack("<H", member.made_by) + version + fields + lengths + tail
        directory += member.name + member.extra + member.comment
        out += LOCAL + version + fields + lengths + member.name + member.extra + packed
    end = struct.pack(
        "<HHHHLLH", 0, 0, len(archive.members), len(archive.members), len(directory), len(out), len(archive.comment)
    )
    return bytes(out + directory + END + end + archive.comment)


def edit(archive: Archive, name: str, old: str, new: str):
    member = archive[name]
    if old.encode() not in member.body:
        raise SystemExit(f"alter_zip: {name} does not hold {old!r}")
    member.body = member.body.replace(old.encode(), new.encode())


def rename(archive: Archive, name: str, new: str):
    archive[name].name = new.encode()


def swap(archive: Archive, name: str, other: str):
    first, second = archive.find(name), archive.find(other)
    members = archive.members
    members[first], members[second] = members[second], members[first]


def add(archive: Archive, name: str, text: str):
    archive.members.append(Member(name.encode(), text.encode()))


def remove(archive: Archive, name: str):
    del archive.members[archive.find(name)]


def shift(archive: Archive, name: str, count: str):
    index, size = archive.find(name), int(count)
    if index == 0:
        raise SystemExit(f"alter_zip: {name} is the first member; there is no body before it")
    member = archive.members[index]
    archive.members[index - 1].body += member.name[:size]
    member.name = member.name[size:]


def recompress(archive: Archive):
    for member in archive.members:
        if not member.name.endswith(b"/"):
            member.method = STORED if member.method == DEFLATED else DEFLATED
            member.level = 1


def retime(archive: Archive):
    for member in archive.members:
        member.time, member.date = 0x7C20, 0x2C5F


def chmod(archive: Archive):
    for member in archive.members:
        member.attributes = (0o040777 if member.name.endswith(b"/") else 0o100755) << 16


def comment(archive: Archive, text: str):
    archive.comment = text.encode()


CHANGES = {
    function.__name__: function
    for function in (edit, rename, swap, add, remove, shift, recompress, retime, chmod, comment)
}


def altered(data: bytes, change: str, *arguments: str) -> bytes:
    archive = read(data)
    CHANGES[change](archive, *arguments)
    return write(archive)


def main(words: list[str]) -> int:
    if len(words) < 3 or words[0] not in CHANGES:
        print(__doc__, file=sys.stderr)
        return 2
    change, source, target, *arguments = words
    with open(source, "rb") as file:
        data = file.read()
    try:
        result = altered(data, change, *arguments)
    except TypeError:
        print(f"alter_zip: wrong number of arguments for {change}\n{__doc__}", file=sys.stderr)
        return 2
    with open(target, "wb") as file:
        file.write(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
