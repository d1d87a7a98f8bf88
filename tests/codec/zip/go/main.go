// Go's archive/zip as a peer. "main pack FILE FOLDER" packs a folder; "main list BATCH" tells what it reads in each of many
// archives, one line each: "ok name:crc32:size ..." with the name in hexadecimal, or "refused why".
// A batch is a sequence of archives, each with its length in front (32 bits, little-endian).
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 4 && os.Args[1] == "pack":
		err = pack(os.Args[2], os.Args[3])
	case len(os.Args) == 3 && os.Args[1] == "list":
		err = list(os.Args[2])
	default:
		err = fmt.Errorf("usage: main pack FILE FOLDER | main list BATCH")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pack gives each file another of the forms that the package can write.
func pack(target, folder string) error {
	file, err := os.Create(target)
	if err != nil {
		return err
	}
	writer := zip.NewWriter(file)
	count := 0
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(folder, path)
		if err != nil || name == "." {
			return err
		}
		if entry.IsDir() {
			_, err = writer.Create(name + "/")
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		count++
		return add(writer, count, name, body)
	})
	if err != nil {
		return err
	}
	if err := writer.SetComment("packed by Go"); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return file.Close()
}

func add(writer *zip.Writer, number int, name string, body []byte) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Unix(1800000000, 0)}
	var out io.Writer
	var err error
	switch number % 3 {
	case 0: // stored, with a descriptor
		header.Method = zip.Store
		header.SetMode(0o755)
		out, err = writer.CreateHeader(header)
	case 1: // deflated, with a descriptor
		out, err = writer.CreateHeader(header)
	default: // without a descriptor
		header.Method = zip.Store
		header.CRC32 = crc32.ChecksumIEEE(body)
		header.CompressedSize64 = uint64(len(body))
		header.UncompressedSize64 = uint64(len(body))
		out, err = writer.CreateRaw(header)
	}
	if err != nil {
		return err
	}
	_, err = out.Write(body)
	return err
}

func list(batch string) error {
	all, err := os.ReadFile(batch)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for len(all) > 0 {
		size := binary.LittleEndian.Uint32(all)
		line, err := read(all[4 : 4+size])
		if err != nil {
			line = "refused " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Fprintln(out, line)
		all = all[4+size:]
	}
	return nil
}

func read(archive []byte) (string, error) {
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return "", err
	}
	line := "ok"
	for _, entry := range reader.File {
		in, err := entry.Open()
		if err != nil {
			return "", err
		}
		body, err := io.ReadAll(in)
		if err != nil {
			return "", err
		}
		line += fmt.Sprintf(" %x:%08x:%d", entry.Name, crc32.ChecksumIEEE(body), len(body))
	}
	return line, nil
}
