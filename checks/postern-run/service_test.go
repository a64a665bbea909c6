// Package posternrun runs dist/postern-run, in each shell that it supports, against the packaged service.
package posternrun

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	root = "../.."
	jar  = root + "/target/quarkus-app/quarkus-run.jar"
	// mark is in every value, so that values can be searched for.
	mark = "made-up-5eed"
	// token is the caller's.
	token = "a-token-that-is-made-up"
	// patience is how long anything may take on a slow machine.
	patience = 30 * time.Second
)

// settings grants everything that begins with "open-". Secrets are read again at once when their files change.
const settings = `postern:
  backend: file
  backends: {file: {directory: DIRECTORY/secrets}}
  auth: {token-file: {path: DIRECTORY/token}}
  audit: {sink: file, file: DIRECTORY/audit.jsonl, deadline: 2s}
  cache: {ttl: 60s, negative-ttl: 0s}
  http: {port: 0, management-port: 0, socket: DIRECTORY/socket, max-waits: 256}
  policy:
    all: {callers: [token-file], allow: ["open-*"]}
`

// postern is the service, started once for all tests.
var postern struct {
	once      sync.Once
	skip      string
	fault     error
	process   *exec.Cmd
	directory string
	url       string
}

func TestMain(m *testing.M) {
	flag.Parse()
	// Most of the tests wait for a rotation.
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	// Under nohup, for example, the commands would inherit that a signal is ignored.
	for _, each := range []os.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT} {
		if signal.Ignored(each) {
			signal.Notify(make(chan os.Signal, 1), each)
		}
	}
	code := m.Run()
	if postern.process != nil {
		postern.process.Process.Signal(syscall.SIGTERM)
		postern.process.Wait()
	}
	if postern.directory != "" {
		os.RemoveAll(postern.directory)
	}
	os.Exit(code)
}

// begin starts Postern, or skips the test where it is not built. All tests run at the same time.
func begin(t *testing.T) {
	t.Helper()
	t.Parallel()
	postern.once.Do(start)
	if postern.skip != "" {
		t.Skip(postern.skip)
	}
	if postern.fault != nil {
		t.Fatal(postern.fault)
	}
}

func start() {
	if _, err := os.Stat(jar); err != nil {
		postern.skip = "target/quarkus-app/quarkus-run.jar is missing: run ./mvnw -DskipTests package"
		return
	}
	for _, program := range []string{"java", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			postern.skip = program + " is not installed"
			return
		}
	}
	postern.fault = launch()
}

func launch() error {
	// A socket's path must be short.
	directory, err := os.MkdirTemp("/tmp", "postern-run-")
	if err != nil {
		return err
	}
	postern.directory = directory
	if err := os.Mkdir(directory+"/secrets", 0o700); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"postern.yaml": strings.ReplaceAll(settings, "DIRECTORY", directory), "token": token + "\n", "wrong": "another-" + token} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	absolute, err := filepath.Abs(jar)
	if err != nil {
		return err
	}
	command := exec.Command("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-jar", absolute)
	command.Dir = directory
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "JAVA_HOME=" + os.Getenv("JAVA_HOME"), "LANG=C.UTF-8",
		"POSTERN_CONFIG=" + directory + "/postern.yaml"}
	log, err := command.StderrPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	postern.process = command
	if postern.url, err = listening(log); err != nil {
		return err
	}
	go io.Copy(io.Discard, log)
	return nil
}

// listening reads the log until Postern listens on its port and its socket, and returns the URL of the port.
func listening(log io.Reader) (string, error) {
	var lines bytes.Buffer
	url, socket := "", false
	scanner := bufio.NewScanner(log)
	for scanner.Scan() {
		lines.WriteString(scanner.Text() + "\n")
		if _, at, found := strings.Cut(scanner.Text(), "Listening on: "); found {
			if strings.HasPrefix(at, "unix:") {
				socket = true
			} else {
				url = at
			}
		}
		if url != "" && socket {
			return url, nil
		}
	}
	return "", fmt.Errorf("Postern did not start:\n%s", lines.String())
}

// unique is the name of a secret that nothing else on this machine asks for.
func unique(t *testing.T) string {
	return fmt.Sprintf("open-%s-%d", strings.ReplaceAll(t.Name(), "/", "-"), os.Getpid())
}

// store replaces a secret, as a volume's new version does.
func store(t *testing.T, name, value string) {
	t.Helper()
	fresh := filepath.Join(t.TempDir(), "fresh")
	if err := os.WriteFile(fresh, []byte(value), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(fresh, filepath.Join(postern.directory, "secrets", name)); err != nil {
		t.Fatal(err)
	}
}

// door is a port that leads to Postern while it is open.
type door struct {
	t           *testing.T
	port        string
	listener    net.Listener
	mutex       sync.Mutex
	connections []net.Conn
}

// newDoor returns a door that is closed.
func newDoor(t *testing.T) *door {
	d := &door{t: t, port: "127.0.0.1:0"}
	d.open()
	d.close()
	t.Cleanup(d.close)
	return d
}

func (d *door) url() string {
	return "http://" + d.port
}

func (d *door) open() {
	d.t.Helper()
	listener, err := net.Listen("tcp", d.port)
	if err != nil {
		d.t.Fatal(err)
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.listener, d.port = listener, listener.Addr().String()
	go func() {
		for {
			outside, err := listener.Accept()
			if err != nil {
				return
			}
			inside, err := net.Dial("tcp", strings.TrimPrefix(postern.url, "http://"))
			if err != nil {
				outside.Close()
				continue
			}
			d.keep(listener, outside, inside)
			go pipe(outside, inside)
			go pipe(inside, outside)
		}
	}()
}

func pipe(to, from net.Conn) {
	io.Copy(to, from)
	to.Close()
}

// keep remembers connections, or closes them if the door was closed in the meantime.
func (d *door) keep(through net.Listener, connections ...net.Conn) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.connections = append(d.connections, connections...)
	if through != d.listener {
		d.drop()
	}
}

func (d *door) close() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.listener != nil {
		d.listener.Close()
		d.listener = nil
	}
	d.drop()
}

func (d *door) drop() {
	for _, connection := range d.connections {
		connection.Close()
	}
	d.connections = nil
}

// trap answers as a stranger on Postern's port would, and remembers what it was asked.
type trap struct {
	url   string
	mutex sync.Mutex
	asked int
}

func newTrap(t *testing.T, answer string) *trap {
	found := &trap{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		found.mutex.Lock()
		defer found.mutex.Unlock()
		found.asked++
		io.WriteString(response, answer)
	})}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	found.url = "http://" + listener.Addr().String()
	return found
}

func (f *trap) count() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.asked
}
