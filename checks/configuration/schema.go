// Package configuration holds what is written as a postern.yaml to docs/postern.schema.json, as an editor does.
package configuration

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// Schema is a JSON Schema.
type Schema struct {
	compiled *jsonschema.Schema
}

// Load reads a schema, which must be one by the rules of its draft.
func Load(path string) (*Schema, error) {
	compiled, err := jsonschema.NewCompiler().Compile(path)
	return &Schema{compiled}, err
}

// Faults are the places in a text that the schema refuses, such as "postern.cache.ttl", in order. A misspelt key is at the place of its parent.
func (schema *Schema) Faults(text string) ([]string, error) {
	document, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return nil, err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return nil, err
	}
	var invalid *jsonschema.ValidationError
	if err := schema.compiled.Validate(value); err == nil {
		return nil, nil
	} else if !errors.As(err, &invalid) {
		return nil, err
	}
	faults := places(invalid)
	slices.Sort(faults)
	return faults, nil
}

func places(invalid *jsonschema.ValidationError) []string {
	if len(invalid.Causes) == 0 {
		return []string{strings.Join(invalid.InstanceLocation, ".")}
	}
	var found []string
	for _, cause := range invalid.Causes {
		found = append(found, places(cause)...)
	}
	return found
}
