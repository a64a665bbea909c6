package posternrun

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSecretsBecomeVariables(t *testing.T) {
	begin(t)
	store(t, "open-one", mark)
	store(t, "open-two", "second "+mark)
	store(t, "open-nämé x+[1]{a}", "odd "+mark)
	store(t, "open-a@b#c", "encoded "+mark)
	store(t, "open-json", `{"a b":"`+mark+`","deep":{"/":{"n":"10"}}}`)
	for name, test := range map[string]struct {
		names    []string
		expected map[string]string
	}{
		"one":          {[]string{"open_one=open-one"}, map[string]string{"open_one": mark}},
		"several":      {[]string{"A=open-one", "_b2=open-two"}, map[string]string{"A": mark, "_b2": "second " + mark}},
		"twice":        {[]string{"A=open-one", "B=open-two", "C=open-one"}, map[string]string{"A": mark, "B": "second " + mark, "C": mark}},
		"with backend": {[]string{"A=file:open-one"}, map[string]string{"A": mark}},
		"odd":          {[]string{"A=open-nämé x+[1]{a}"}, map[string]string{"A": "odd " + mark}},
		"encoded":      {[]string{"A=open-a%40b%23c"}, map[string]string{"A": "encoded " + mark}},
		"fields":       {[]string{"A=open-json#a b", "B=open-json#/deep/~1/n"}, map[string]string{"A": mark, "B": "10"}},
		// The script has variables of its own.
		"names of the script": {[]string{"IFS=open-one", "__count=open-two", "LC_ALL=open-one"}, map[string]string{"IFS": mark, "__count": "second " + mark, "LC_ALL": mark}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, shell []string) {
				for _, mode := range [][]string{nil, {"--on-change=HUP"}} {
					arguments := mode
					for _, each := range test.names {
						arguments = append(arguments, "--name", each)
					}
					p := prepare(t, shell, append(arguments, "--", "/bin/cat", "/proc/self/environ")...)
					if code := p.run(); code != 0 {
						t.Fatal(code, p.err.String())
					}
					found := environment(t, p.out.String())
					for variable, value := range test.expected {
						if found[variable] != value {
							t.Errorf("%s is %q", variable, found[variable])
						}
					}
				}
			})
		})
	}
}

// The name of an alias, a legal variable, needs no "=".
func TestANameIsAVariableAsItIs(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		p := prepare(t, shell, "--name", "open_plain", "--", "true")
		if code := p.run(); code != 78 || !strings.Contains(p.err.String(), "open_plain: 403 forbidden") {
			t.Error(code, p.err.String())
		}
	})
}

func TestValuesComeThroughByteForByte(t *testing.T) {
	begin(t)
	values := awkward()
	for i, value := range values {
		store(t, fmt.Sprintf("open-bytes-%d", i), value)
	}
	each(t, func(t *testing.T, shell []string) {
		var arguments []string
		for i := range values {
			arguments = append(arguments, "--name", fmt.Sprintf("V%d=open-bytes-%d", i, i))
		}
		p := prepare(t, shell, append(arguments, "--", "/bin/cat", "/proc/self/environ")...)
		if code := p.run(); code != 0 {
			t.Fatal(code, p.err.String())
		}
		found := environment(t, p.out.String())
		for i, value := range values {
			if got := found[fmt.Sprintf("V%d", i)]; got != value {
				t.Errorf("%.200q became %.200q", value, got)
			}
		}
	})
}

// awkward are values that break naive scripts, and random ones.
func awkward() []string {
	values := []string{
		"", " ", "\n", "\n\n", "a\n", "\na", "\t a \t", `"`, `""`, `'`, `\`, `\\`, `\\\`, `\"`, `\\"`, `"\`, `\n`, `\\n`, `\u0000`,
		`$HOME`, `${HOME}`, `$(id)`, "`id`", "#", "# x", "a=b", "*", "?", "[a-z]*", "~", "!", "-n", "-e", "--", "%s", "%", "x",
		`{"secrets":{"open-one":{"value":"x"}},"errors":{}}`, `":{"`, `","encoding":"base64"`, "\r\n", "\r", "\b\f\v\x01\x1b\x1f\x7f",
		"\u0080\u0081\u0088\u00a0ü€𝄞\u2028\ufeff\ufffd", "-----BEGIN KEY-----\n" + strings.Repeat("QUJD\n", 200) + "-----END KEY-----\n",
		strings.Repeat(`\"`, 500), strings.Repeat("x", 120_000),
	}
	seed := uint64(time.Now().UnixNano())
	fmt.Println("seed of the random values:", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	pieces := []rune("\n\n\"\"''\\\\\\ \t$`#{}[]:,!*?%~=;&|<>()nrtbfux019AZ\x01\x08\x0c\x1f\x7f\u0081ü€𝄞")
	for len(values) < 90 {
		value := make([]rune, random.IntN(60))
		for i := range value {
			value[i] = pieces[random.IntN(len(pieces))]
		}
		values = append(values, string(value))
	}
	return values
}

func TestTheRestOfTheEnvironmentStaysAsItIs(t *testing.T) {
	begin(t)
	store(t, "open-rest", mark)
	before := []string{"name=a", "url=b", "LC_ALL=de_DE.UTF-8", "LANG=fr", "EMPTY=", "token=c", "VALUE=two\nlines", "found=d"}
	each(t, func(t *testing.T, shell []string) {
		for _, mode := range []string{"", "--on-change=restart"} {
			arguments := []string{"--name=A=open-rest", "/bin/cat", "/proc/self/environ"}
			if mode != "" {
				arguments = append([]string{mode}, arguments...)
			}
			p := prepare(t, shell, arguments...).with(before...)
			if code := p.run(); code != 0 {
				t.Fatal(code, p.err.String())
			}
			found := environment(t, p.out.String())
			for _, entry := range before {
				name, value, _ := strings.Cut(entry, "=")
				if got, is := found[name]; !is || got != value {
					t.Errorf("%s is %q", name, got)
				}
				delete(found, name)
			}
			for name := range found {
				if strings.HasPrefix(name, "__") {
					t.Errorf("the command gets the script's %s", name)
				}
			}
		}
	})
}

func TestNothingRunsIfASecretCannotBeRead(t *testing.T) {
	begin(t)
	store(t, "open-good", mark)
	store(t, "denied", mark)
	store(t, "open-binary", mark+"\xff")
	store(t, "open-nul", mark+"\x00")
	store(t, "open-large", strings.Repeat(mark, 12_000))
	stranger := newTrap(t, `<html>"secrets":{"value":"`+mark+`"}`)
	for name, test := range map[string]struct {
		arguments []string
		status    int
		complaint string
	}{
		"missing":         {[]string{"--name=A=open-missing"}, 78, "open-missing: 404 secret-not-found: "},
		"denied":          {[]string{"--name=A=denied"}, 78, "denied: 403 forbidden: "},
		"both":            {[]string{"--name=A=open-missing", "--name=B=denied"}, 78, "denied: 403 forbidden: "},
		"binary":          {[]string{"--name=A=open-binary"}, 78, "open-binary: binary; it cannot be a variable"},
		"NUL":             {[]string{"--name=A=open-nul"}, 78, "open-nul: contains a NUL; it cannot be a variable"},
		"large":           {[]string{"--name=A=open-large"}, 78, "open-large: too large for a variable"},
		"malformed":       {[]string{"--name=A=open-%zz"}, 78, "400 invalid-request: "},
		"no backend":      {[]string{"--name=A=vault:x"}, 78, "the names are: vault:x, open-good"},
		"wrong token":     {[]string{"--name=A=open-good", "--token-file=" + postern.directory + "/wrong"}, 78, "401 unauthenticated: "},
		"no token":        {[]string{"--name=A=open-good", "--token-file=/nonexistent", "--wait=0"}, 69, "there is no token file /nonexistent; --token-file"},
		"nobody listens":  {[]string{"--name=A=open-good", "--url=http://127.0.0.1:1", "--wait=1"}, 69, "nothing listens on http://127.0.0.1:1; --url"},
		"no socket":       {[]string{"--name=A=open-good", "--socket=/nonexistent", "--wait=0"}, 69, "nothing listens on /nonexistent"},
		"somebody else":   {[]string{"--name=A=open-good", "--url=" + stranger.url}, 78, "open-good: the answer of " + stranger.url + " cannot be read; is that Postern?"},
		"another service": {[]string{"--name=A=open-good", "--url=" + newTrap(t, "").url}, 78, "is that Postern?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, shell []string) {
				p := prepare(t, shell, append(test.arguments, "--name=GOOD=open-good", "--", "echo", "ran")...)
				if code := p.run(); code != test.status || !strings.Contains(p.err.String(), test.complaint) {
					t.Errorf("%d: %s", code, p.err.String())
				}
				if p.out.String() != "" || strings.Contains(p.err.String(), mark) || strings.Contains(p.err.String(), token) {
					t.Errorf("%s%s", p.out.String(), p.err.String())
				}
			})
		})
	}
}

func TestACommandLineThatIsWrongIsExplained(t *testing.T) {
	begin(t)
	for name, test := range map[string]struct {
		arguments []string
		complaint string
	}{
		"no name":           {[]string{"true"}, "no secret is named, for example --name DATABASE_URL"},
		"no command":        {[]string{"--name", "A"}, "the command is missing; put it after --"},
		"unknown":           {[]string{"--names", "A", "true"}, "there is no option --names"},
		"short":             {[]string{"-n", "A", "true"}, "there is no option -n"},
		"no value":          {[]string{"--name"}, "--name needs a value"},
		"empty value":       {[]string{"--token-file=", "true"}, "--token-file needs a value"},
		"not a variable":    {[]string{"--name", "app#KEY", "true"}, "choose one, for example --name MY_SECRET=app#KEY"},
		"digit first":       {[]string{"--name", "1A=x", "true"}, "'1A' cannot be a variable"},
		"no reference":      {[]string{"--name", "A=", "true"}, "a reference must follow the ="},
		"set twice":         {[]string{"--name", "A", "--name", "A=b", "true"}, "the variable A is set twice"},
		"the shell's":       {[]string{"--name", "UID=a", "true"}, "for example MY_UID=a"},
		"on change":         {[]string{"--name", "A", "--on-change", "reload", "true"}, "must be restart, HUP, "},
		"no seconds":        {[]string{"--name", "A", "--wait", "1m", "true"}, "must be a number of seconds, for example --wait 30"},
		"another machine":   {[]string{"--name", "A", "--url", "http://postern:7740", "true"}, "must be a port of this machine"},
		"disguised machine": {[]string{"--name", "A", "--url", "http://127.0.0.1:7740@postern", "true"}, "must be a port of this machine"},
		"longer machine":    {[]string{"--name", "A", "--url", "http://localhost.example", "true"}, "must be a port of this machine"},
		"path":              {[]string{"--name", "A", "--url", "http://localhost:7740/secrets", "true"}, "must be a port of this machine"},
		"TLS":               {[]string{"--name", "A", "--url", "https://localhost:7741", "true"}, "must be a port of this machine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, shell []string) {
				p := prepare(t, shell, test.arguments...)
				if code := p.run(); code != 64 || !strings.Contains(p.err.String(), test.complaint) {
					t.Errorf("%d: %s", code, p.err.String())
				}
			})
		})
	}
}

func TestHelpAndThePageNameTheSameOptions(t *testing.T) {
	begin(t)
	page, err := os.ReadFile(root + "/docs/postern-run.md")
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, shell []string) {
		p := prepare(t, shell, "--help")
		if code := p.run(); code != 0 || p.err.String() != "" {
			t.Error(code, p.err.String())
		}
		for _, option := range []string{"--name", "--on-change", "--kill-after", "--wait", "--url", "--socket", "--token-file", "--help", "64", "69", "78", "126", "127"} {
			if !strings.Contains(p.out.String(), "\n  "+option+" ") || !strings.Contains(string(page), "| `"+option) {
				t.Errorf("%s is not explained", option)
			}
		}
	})
}

func TestPosternMayStartLater(t *testing.T) {
	begin(t)
	store(t, "open-later", mark)
	each(t, func(t *testing.T, shell []string) {
		late := newDoor(t)
		p := prepare(t, shell, "--url", late.url(), "--name", "A=open-later", "--", "printenv", "A").start()
		p.complains("waiting up to 30 s: nothing listens on " + late.url())
		late.open()
		if code := p.wait(); code != 0 || p.out.String() != mark+"\n" {
			t.Error(code, p.err.String())
		}
	})
}

// Postern creates the token at its first start.
func TestTheTokenMayComeLater(t *testing.T) {
	begin(t)
	store(t, "open-later-token", mark)
	each(t, func(t *testing.T, shell []string) {
		file := filepath.Join(t.TempDir(), "token")
		p := prepare(t, shell, "--token-file", file, "--name", "A=open-later-token", "--", "printenv", "A").start()
		p.complains("there is no token file")
		if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
		if code := p.wait(); code != 0 || p.out.String() != mark+"\n" {
			t.Error(code, p.err.String())
		}
	})
}

func TestTheSocketIsAsGoodAsThePort(t *testing.T) {
	begin(t)
	store(t, "open-socket", mark)
	each(t, func(t *testing.T, shell []string) {
		for _, mode := range []string{"--wait=5", "--on-change=HUP"} {
			p := prepare(t, shell, "--socket", postern.directory+"/socket", mode, "--name", "A=open-socket", "--", "printenv", "A")
			if code := p.with("SECRETS_URL=").run(); code != 0 || p.out.String() != mark+"\n" {
				t.Error(code, p.err.String())
			}
		}
		p := prepare(t, shell, "--name", "A=open-socket", "--", "printenv", "A")
		if code := p.with("SECRETS_URL=unix:" + postern.directory + "/socket").run(); code != 0 || p.out.String() != mark+"\n" {
			t.Error(code, p.err.String())
		}
	})
}

func TestNoProxyAndNoCurlrcHasASay(t *testing.T) {
	begin(t)
	store(t, "open-proxy", mark)
	each(t, func(t *testing.T, shell []string) {
		proxy := newTrap(t, "")
		p := prepare(t, shell, "--name", "A=open-proxy", "--", "printenv", "A")
		p.with("HOME="+p.command.Dir, "http_proxy="+proxy.url, "HTTP_PROXY="+proxy.url, "ALL_PROXY="+proxy.url, "all_proxy="+proxy.url)
		curlrc := fmt.Sprintf("proxy = %s\noutput = %s/leak\n", proxy.url, p.command.Dir)
		if err := os.WriteFile(p.command.Dir+"/.curlrc", []byte(curlrc), 0o600); err != nil {
			t.Fatal(err)
		}
		if code := p.run(); code != 0 || p.out.String() != mark+"\n" {
			t.Error(code, p.err.String())
		}
		if _, err := os.Stat(p.command.Dir + "/leak"); err == nil || proxy.count() > 0 {
			t.Error("the request was diverted")
		}
	})
}
