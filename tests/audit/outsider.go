// Checks an unpacked export with the implementation of the Go checksum database: `go run outsider.go FOLDER`.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type manifest struct {
	Form     string `json:"form"`
	Events   int64  `json:"events"`
	TreeSize int64  `json:"tree_size"`
	Previous *int64 `json:"previous_size"`
}

type proof struct {
	Consistency []string `json:"consistency"`
}

func must(err error, what string) {
	if err != nil {
		fmt.Printf("%s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(folder, name string) []byte {
	data, err := os.ReadFile(filepath.Join(folder, name))
	must(err, name)
	return data
}

func hash(encoded string) tlog.Hash {
	var h tlog.Hash
	data, err := base64.StdEncoding.DecodeString(encoded)
	must(err, "hash")
	copy(h[:], data)
	return h
}

// checkpoint gives the size and the root of a note that one of the keys signed.
func checkpoint(folder, name string) (int64, tlog.Hash) {
	var known []note.Verifier
	for _, line := range strings.Fields(string(read(folder, "vkey"))) {
		verifier, err := note.NewVerifier(line)
		must(err, "vkey")
		known = append(known, verifier)
	}
	opened, err := note.Open(read(folder, name), note.VerifierList(known...))
	must(err, name)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, name)
	return size, hash(lines[2])
}

type stored []tlog.Hash

func (all stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		found = append(found, all[index])
	}
	return found, nil
}

func main() {
	folder := os.Args[1]
	var facts manifest
	var proven proof
	must(json.Unmarshal(read(folder, "package.json"), &facts), "package.json")
	must(json.Unmarshal(read(folder, "proof.json"), &proven), "proof.json")
	size, root := checkpoint(folder, "checkpoint")
	leaves := bytes.Split(bytes.TrimSuffix(read(folder, "events.jsonl"), []byte("\n")), []byte("\n"))
	if size != facts.TreeSize || int64(len(leaves)) != facts.Events {
		must(fmt.Errorf("sizes differ"), "package.json")
	}
	if facts.Previous != nil {
		old, before := checkpoint(folder, "previous-checkpoint")
		var path tlog.TreeProof
		for _, part := range proven.Consistency {
			path = append(path, hash(part))
		}
		must(tlog.CheckTree(path, size, root, old, before), "consistency")
	}
	if facts.Form == "range" {
		var all stored
		for number, leaf := range leaves {
			hashes, err := tlog.StoredHashes(int64(number), leaf, all)
			must(err, "leaf")
			all = append(all, hashes...)
		}
		grown, err := tlog.TreeHash(size, all)
		must(err, "tree")
		if grown != root {
			must(fmt.Errorf("another root"), "tree")
		}
	} else {
		lines := bufio.NewScanner(bytes.NewReader(read(folder, "proofs.txt")))
		for number := 0; lines.Scan(); number++ {
			place, encoded, _ := strings.Cut(lines.Text(), " ")
			index, err := strconv.ParseInt(place, 10, 64)
			must(err, "proofs.txt")
			data, err := base64.StdEncoding.DecodeString(encoded)
			must(err, "proofs.txt")
			var path tlog.RecordProof
			for at := 0; at < len(data); at += tlog.HashSize {
				var h tlog.Hash
				copy(h[:], data[at:])
				path = append(path, h)
			}
			err = tlog.CheckRecord(path, size, root, index, tlog.RecordHash(leaves[number]))
			must(err, fmt.Sprintf("line %d", number+1))
		}
	}
	fmt.Printf("verified %d\n", len(leaves))
}
