package manifests

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/cel-go/cel"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	listersv1 "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
)

type variable struct{ name, expression string }

func (v variable) GetName() string          { return v.name }
func (v variable) GetExpression() string    { return v.expression }
func (v variable) ReturnTypes() []*cel.Type { return []*cel.Type{cel.AnyType, cel.DynType} }

// Admit does to a new pod what the API server does with a MutatingAdmissionPolicy, with the API server's own parts. The pod is left as it is where the
// policy does not match it.
func Admit(policy *admissionv1.MutatingAdmissionPolicy, pod *corev1.Pod) (*corev1.Pod, error) {
	selector, err := metav1.LabelSelectorAsSelector(policy.Spec.MatchConstraints.ObjectSelector)
	if err != nil {
		return nil, err
	}
	if !selector.Matches(labels.Set(pod.Labels)) {
		return pod, nil
	}
	compiler, err := plugincel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		return nil, err
	}
	for _, v := range policy.Spec.Variables {
		options := plugincel.OptionalVariableDeclarations{HasAuthorizer: true}
		result := compiler.CompileAndStoreVariable(variable{v.Name, v.Expression}, options, environment.NewExpressions)
		if result.Error != nil {
			return nil, fmt.Errorf("variable %s: %w", v.Name, result.Error)
		}
	}
	request := requestFor(pod)
	if matched, err := matches(compiler, policy, request); err != nil || !matched {
		return pod, err
	}
	ctx := compiler.CreateContext(context.Background())
	for i, mutation := range policy.Spec.Mutations {
		patched, err := patcher(compiler, mutation).Patch(ctx, request, celconfig.RuntimeCELCostBudget)
		if err != nil {
			return nil, fmt.Errorf("mutation %d: %w", i, err)
		}
		if pod, err = asPod(patched); err != nil {
			return nil, fmt.Errorf("mutation %d: %w", i, err)
		}
		request = requestFor(pod)
	}
	return pod, nil
}

// Binds tells whether a binding is for a pod in a namespace, as the API server finds it.
func Binds(binding *admissionv1.MutatingAdmissionPolicyBinding, pod *corev1.Pod, namespace *corev1.Namespace) (bool, error) {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{})
	if err := indexer.Add(namespace); err != nil {
		return false, err
	}
	pod.Namespace = namespace.Name
	request := requestFor(pod)
	bound, _, _, err := matching.NewMatcher(listersv1.NewNamespaceLister(indexer), nil).
		Matches(request.VersionedAttributes, request.ObjectInterfaces, criteria(*binding.Spec.MatchResources))
	return bound, err
}

// criteria are a binding's as the API server takes them: a selector that is absent is by default one that selects everything.
type criteria admissionv1.MatchResources

func (c criteria) GetMatchResources() admissionv1.MatchResources {
	return admissionv1.MatchResources(c)
}

func (c criteria) GetParsedNamespaceSelector() (labels.Selector, error) {
	return selectorOf(c.NamespaceSelector)
}

func (c criteria) GetParsedObjectSelector() (labels.Selector, error) {
	return selectorOf(c.ObjectSelector)
}

func selectorOf(selector *metav1.LabelSelector) (labels.Selector, error) {
	if selector == nil {
		selector = &metav1.LabelSelector{}
	}
	return metav1.LabelSelectorAsSelector(selector)
}

// asPod is what the API server does between two mutations: a mutation may return what it has as a map.
func asPod(object runtime.Object) (*corev1.Pod, error) {
	if pod, ok := object.(*corev1.Pod); ok {
		return pod, nil
	}
	pod := &corev1.Pod{}
	content := object.(runtime.Unstructured).UnstructuredContent()
	return pod, runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(content, pod, true)
}

func requestFor(pod *corev1.Pod) patch.Request {
	kind := corev1.SchemeGroupVersion.WithKind("Pod")
	resource := corev1.SchemeGroupVersion.WithResource("pods")
	pod.SetGroupVersionKind(kind)
	attributes := admission.NewAttributesRecord(
		pod, nil, kind, pod.Namespace, pod.Name, resource, "", admission.Create, &metav1.CreateOptions{}, false, nil)
	return patch.Request{
		MatchedResource: resource,
		VersionedAttributes: &admission.VersionedAttributes{
			Attributes:      attributes,
			VersionedKind:   kind,
			VersionedObject: admission.NewLazyObject(pod),
		},
		ObjectInterfaces: admission.NewObjectInterfacesFromScheme(scheme.Scheme),
		TypeConverter:    applyconfigurations.NewTypeConverter(scheme.Scheme),
	}
}

func matches(
	compiler *plugincel.CompositedCompiler, policy *admissionv1.MutatingAdmissionPolicy, request patch.Request) (bool, error) {
	var conditions []plugincel.ExpressionAccessor
	for i := range policy.Spec.MatchConditions {
		conditions = append(conditions, (*matchconditions.MatchCondition)(&policy.Spec.MatchConditions[i]))
	}
	options := plugincel.OptionalVariableDeclarations{HasAuthorizer: true}
	evaluator := compiler.CompileCondition(conditions, options, environment.NewExpressions)
	if err := errors.Join(evaluator.CompilationErrors()...); err != nil {
		return false, err
	}
	matcher := matchconditions.NewMatcher(evaluator, policy.Spec.FailurePolicy, "policy", "mutate", policy.Name)
	result := matcher.Match(context.Background(), request.VersionedAttributes, nil, nil)
	return result.Matches, result.Error
}

func patcher(compiler *plugincel.CompositedCompiler, mutation admissionv1.Mutation) patch.Patcher {
	options := plugincel.OptionalVariableDeclarations{HasAuthorizer: true, HasPatchTypes: true}
	if mutation.PatchType == admissionv1.PatchTypeJSONPatch {
		condition := &patch.JSONPatchCondition{Expression: mutation.JSONPatch.Expression}
		return patch.NewJSONPatcher(compiler.CompileMutatingEvaluator(condition, options, environment.NewExpressions))
	}
	condition := &patch.ApplyConfigurationCondition{Expression: mutation.ApplyConfiguration.Expression}
	return patch.NewApplyConfigurationPatcher(compiler.CompileMutatingEvaluator(condition, options, environment.NewExpressions))
}
