// What Docker Compose reads in files of variables: for each text of stdin its values, or null.
package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/sirupsen/logrus"
)

func main() {
	logrus.SetOutput(io.Discard)
	var given struct {
		Environment map[string]string
		Texts       []string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	results := []map[string]string{}
	for _, text := range given.Texts {
		results = append(results, read(text, given.Environment))
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		panic(err)
	}
}

func read(text string, environment map[string]string) map[string]string {
	values, err := dotenv.ParseWithLookup(strings.NewReader(text), func(name string) (string, bool) {
		value, ok := environment[name]
		return value, ok
	})
	if err != nil {
		return nil
	}
	return values
}
