package manifests

import (
	"fmt"

	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// schemas are the files in checks/schemas; nothing is fetched.
const schemas = "../schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json"

// Validate tells whether an object is what its kind's schema describes, and nothing else. A kind without a schema is an error.
func Validate(object *unstructured.Unstructured) error {
	v, err := validator.New([]string{schemas}, validator.Opts{Strict: true})
	if err != nil {
		return err
	}
	text, err := yaml.Marshal(object.Object)
	if err != nil {
		return err
	}
	result := v.ValidateResource(resource.Resource{Path: object.GetName(), Bytes: text})
	if result.Status != validator.Valid {
		return fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), result.Err)
	}
	return nil
}
