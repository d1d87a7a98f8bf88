// Go's archive/zip as a peer of the tests.
//
//	go_zip write OUT.zip FOLDER NAME...   writes a zip of these files
//	go_zip list FILE.zip                  prints the SHA-256 and the name of each member, in order
package main

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func write(out, folder string, names []string) error {
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	writer := zip.NewWriter(file)
	for _, name := range names {
		member, err := writer.Create(name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if _, err := member.Write(body); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return file.Close()
}

func list(name string) error {
	reader, err := zip.OpenReader(name)
	if err != nil {
		return err
	}
	defer reader.Close()
	for _, file := range reader.File {
		body, err := file.Open()
		if err != nil {
			return err
		}
		hash := sha256.New()
		if _, err := io.Copy(hash, body); err != nil {
			return err
		}
		fmt.Printf("%x %s\n", hash.Sum(nil), file.Name)
	}
	return nil
}

func main() {
	var err error
	if len(os.Args) > 3 && os.Args[1] == "write" {
		err = write(os.Args[2], os.Args[3], os.Args[4:])
	} else if len(os.Args) == 3 && os.Args[1] == "list" {
		err = list(os.Args[2])
	} else {
		err = fmt.Errorf("usage: go_zip write OUT.zip FOLDER NAME... | go_zip list FILE.zip")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
