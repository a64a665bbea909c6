// Package openapi holds docs/openapi.yaml and docs/openapi-management.yaml to OpenAPI 3.1 and to the program.
// src/test/clients/openapi holds the program to them.
package openapi

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pb33f/libopenapi/datamodel"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

const (
	root       = "../.."
	source     = root + "/src/main/java/dev/postern"
	api        = "openapi.yaml"
	management = "openapi-management.yaml"
)

type object = map[string]any

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func load(t *testing.T, name string) object {
	t.Helper()
	json, err := yaml.YAMLToJSONStrict([]byte(read(t, filepath.Join(root, "docs", name))))
	if err != nil {
		t.Fatal(name, err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(json))
	if err != nil {
		t.Fatal(name, err)
	}
	return document.(object)
}

// at is the part of a document that a JSON Pointer names, or nil.
func at(document any, pointer string) any {
	for _, token := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		parts, isObject := document.(object)
		if !isObject {
			return nil
		}
		document = parts[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]
	}
	return document
}

// walk visits every object of a document, with its JSON Pointer.
func walk(part any, pointer string, visit func(pointer string, part object)) {
	switch part := part.(type) {
	case object:
		visit(pointer, part)
		for key, child := range part {
			walk(child, pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(key), visit)
		}
	case []any:
		for _, child := range part {
			walk(child, pointer, visit)
		}
	}
}

// compiler compiles parts of a document as JSON Schemas of the dialect of OpenAPI 3.1.
func compiler(t *testing.T, document object) func(pointer string) (*jsonschema.Schema, error) {
	t.Helper()
	schemas := jsonschema.NewCompiler()
	schemas.DefaultDraft(jsonschema.Draft2020)
	schemas.AssertFormat()
	if err := schemas.AddResource("file:///document", document); err != nil {
		t.Fatal(err)
	}
	return func(pointer string) (*jsonschema.Schema, error) {
		return schemas.Compile("file:///document#" + (&url.URL{Path: pointer}).EscapedPath())
	}
}

// faults are the ways in which a document is not one of OpenAPI 3.1.
func faults(t *testing.T, document object) []string {
	t.Helper()
	var found []string
	specification, err := jsonschema.UnmarshalJSON(strings.NewReader(datamodel.OpenAPI31SchemaData))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := compiler(t, specification.(object))("")
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.Validate(document); err != nil {
		found = append(found, err.Error())
	}
	used := map[string]bool{}
	walk(document, "", func(pointer string, part object) {
		if reference, isReference := part["$ref"].(string); isReference {
			target := strings.TrimPrefix(reference, "#")
			used[target] = true
			if at(document, target) == nil {
				found = append(found, fmt.Sprintf("%s leads nowhere: %s", pointer, reference))
			}
		}
	})
	for kind, components := range document["components"].(object) {
		for name := range components.(object) {
			// The answer of every other path belongs to no path. Schemes are used by their names.
			if pointer := "/components/" + kind + "/" + name; !used[pointer] && name != "NotFound" && kind != "securitySchemes" {
				found = append(found, pointer+" is not used")
			}
		}
	}
	compile := compiler(t, document)
	walk(document, "", func(pointer string, part object) {
		examples, isSchema := part["examples"].([]any)
		if _, described := part["schema"]; described {
			pointer, examples, isSchema = pointer+"/schema", examplesOf(part), true
		}
		if !isSchema {
			return
		}
		schema, err := compile(pointer)
		if err != nil {
			found = append(found, err.Error())
			return
		}
		for _, example := range examples {
			if err := schema.Validate(example); err != nil {
				found = append(found, pointer+": "+err.Error())
			}
		}
	})
	return found
}

// examplesOf are those of a parameter, header or media type.
func examplesOf(part object) []any {
	var found []any
	if example, isThere := part["example"]; isThere {
		found = append(found, example)
	}
	if several, areThere := part["examples"].(object); areThere {
		for _, one := range several {
			found = append(found, one.(object)["value"])
		}
	}
	return found
}

func TestTheDocumentsAreValid(t *testing.T) {
	for _, name := range []string{api, management} {
		for _, fault := range faults(t, load(t, name)) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func TestAFaultIsFound(t *testing.T) {
	for name, spoil := range map[string]func(document object){
		"an unknown field": func(document object) { document["pahts"] = object{} },
		"a reference to nothing": func(document object) {
			at(document, "/paths/~1secrets/get/responses").(object)["200"] = object{"$ref": "#/nothing"}
		},
		"a wrong example": func(document object) {
			at(document, "/components/parameters/Version").(object)["example"] = "no version"
		},
		"a wrong schema": func(document object) {
			at(document, "/components/parameters/Wait/schema").(object)["type"] = "duration"
		},
		"a wrong header":      func(document object) { at(document, "/components/headers/Age").(object)["example"] = "-1" },
		"an unused component": func(document object) { at(document, "/components/schemas").(object)["Unused"] = true },
	} {
		document := load(t, api)
		spoil(document)
		if len(faults(t, document)) == 0 {
			t.Error(name)
		}
	}
}

// program is the status of each problem code.
func program(t *testing.T) map[string]int {
	t.Helper()
	statuses := map[string]int{}
	for _, match := range regexp.MustCompile(`ProblemType ([A-Z_]+) =\s*new ProblemType\(\s*(\d+)`).FindAllStringSubmatch(
		read(t, source+"/api/problem/ProblemType.java"), -1) {
		statuses[match[1]], _ = strconv.Atoi(match[2])
	}
	codes := map[string]int{}
	for _, match := range regexp.MustCompile(`([A-Z_]+)\("([a-z-]+)"\)`).FindAllStringSubmatch(
		read(t, source+"/access/FaultCode.java"), -1) {
		codes[match[2]] = statuses[match[1]]
	}
	if len(codes) < 15 || len(codes) != len(statuses) {
		t.Fatal("where are the codes?", codes, statuses)
	}
	return codes
}

// described is the status of each problem code in the answers of a document.
func described(t *testing.T, document object) map[string]int {
	t.Helper()
	codes := map[string]int{}
	for name, response := range at(document, "/components/responses").(object) {
		problem := at(response, "/content/application~1problem+json/schema/properties")
		if problem == nil {
			continue
		}
		status, err := strconv.Atoi(fmt.Sprint(at(problem, "/status/const")))
		if err != nil {
			t.Fatal(name, err)
		}
		several, _ := at(problem, "/code/enum").([]any)
		if one := at(problem, "/code/const"); one != nil {
			several = []any{one}
		}
		for _, code := range several {
			codes[code.(string)] = status
		}
	}
	return codes
}

func TestEveryCodeOfTheProgramIsDescribedAndTheOtherWayRound(t *testing.T) {
	codes := program(t)
	document := load(t, api)
	if diff := cmp.Diff(codes, described(t, document)); diff != "" {
		t.Errorf("%s describes other answers:\n%s", api, diff)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(codes)), names(at(document, "/components/schemas/Code/enum"))); diff != "" {
		t.Errorf("%s has other codes:\n%s", api, diff)
	}
	table := map[string]int{}
	for _, row := range regexp.MustCompile("(?m)^\\| (\\d{3}[\\d, ]*) \\| (`[a-z`, -]+`) \\|").FindAllStringSubmatch(
		read(t, root+"/docs/http.md"), -1) {
		statuses := strings.Split(row[1], ", ")
		for i, code := range strings.Split(row[2], ", ") {
			table[strings.Trim(code, "`")], _ = strconv.Atoi(statuses[i])
		}
	}
	if diff := cmp.Diff(codes, table); diff != "" {
		t.Errorf("docs/http.md has other codes:\n%s", diff)
	}
}

func TestTheManagementPortHasTheSameCodes(t *testing.T) {
	codes := program(t)
	document := load(t, management)
	found := described(t, document)
	for code, status := range found {
		if codes[code] != status {
			t.Errorf("%s is %d, and not %d", code, codes[code], status)
		}
	}
	listed := names(at(document, "/components/schemas/Problem/properties/code/enum"))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(found)), listed); diff != "" {
		t.Error(diff)
	}
	var answered []string
	for _, match := range regexp.MustCompile(`FaultCode\.([A-Z_]+)`).FindAllStringSubmatch(
		read(t, source+"/api/listener/ManagementProblems.java"), -1) {
		answered = append(answered, strings.ToLower(strings.ReplaceAll(match[1], "_", "-")))
	}
	// These come from the guard of every listener.
	answered = append(answered, "misdirected", "refused")
	slices.Sort(answered)
	if diff := cmp.Diff(slices.Compact(answered), listed); diff != "" {
		t.Error(diff)
	}
}

// names sorts a list of strings.
func names(list any) []string {
	var found []string
	for _, name := range list.([]any) {
		found = append(found, name.(string))
	}
	slices.Sort(found)
	return found
}

// quoted are the strings that a pattern finds in a source file, sorted.
func quoted(t *testing.T, path, pattern string) []string {
	t.Helper()
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(read(t, source+path), -1) {
		found = append(found, match[1])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryPathOfTheProgramIsDescribedAndTheOtherWayRound(t *testing.T) {
	secrets := quoted(t, "/api/SecretsDoor.java", `COLLECTION = "([^"]+)"`)
	for name, paths := range map[string][]string{
		api:        {secrets[0], secrets[0] + "/{name}"},
		management: quoted(t, "/api/listener/ManagementProblems.java", `"(/[a-z/]+)"`),
	} {
		document := load(t, name)["paths"].(object)
		if diff := cmp.Diff(paths, slices.Sorted(maps.Keys(document))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		for path, item := range document {
			methods := slices.DeleteFunc(slices.Sorted(maps.Keys(item.(object))), func(key string) bool { return key == "parameters" })
			if diff := cmp.Diff([]string{"get", "head"}, methods); diff != "" {
				t.Errorf("%s: %s:\n%s", name, path, diff)
			}
		}
	}
}

func TestEveryParameterOfTheProgramIsDescribedAndTheOtherWayRound(t *testing.T) {
	document := load(t, api)
	for path, known := range map[string][]string{
		"/paths/~1secrets~1{name}": quoted(t, "/api/Query.java", `case "([a-z]+)" -> [a-z]+ = once`),
		"/paths/~1secrets":         quoted(t, "/api/BulkQuery.java", `startsWith\("([a-z]+)="\)`),
	} {
		var found []string
		for _, reference := range at(document, path).(object)["parameters"].([]any) {
			parameter := at(document, strings.TrimPrefix(reference.(object)["$ref"].(string), "#")).(object)
			if parameter["in"] == "query" {
				found = append(found, parameter["name"].(string))
			}
		}
		slices.Sort(found)
		if diff := cmp.Diff(known, found); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	most := quoted(t, "/api/BulkQuery.java", `MAX_NAMES = (\d+)`)[0]
	if found := fmt.Sprint(at(document, "/components/parameters/Names/schema/maxItems")); found != most {
		t.Errorf("%s names, and not %s", most, found)
	}
}

func TestEveryFormatOfTheProgramIsDescribedAndTheOtherWayRound(t *testing.T) {
	known := quoted(t, "/api/media/MediaTypes.java", `"([a-z]+/[a-z-]+)(?:;charset=UTF-8)?"\)`)
	found := map[string]bool{}
	for _, response := range []string{"Secret", "Secrets"} {
		for format := range at(load(t, api), "/components/responses/"+response+"/content").(object) {
			found[format] = true
		}
	}
	if diff := cmp.Diff(known, slices.Sorted(maps.Keys(found))); diff != "" {
		t.Error(diff)
	}
}
