// Package postern reads secrets from Postern. Copy this file into a directory of your module. It needs Go 1.22 and no
// other module.
//
// SPDX-License-Identifier: Apache-2.0
package postern

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	podToken     = "/var/run/secrets/postern/token"
	longestWait  = 60 * time.Second // that Postern allows
	longestPause = 30 * time.Second
)

// Error says why there is no secret. Its code is Postern's, or "unreachable", "no-token" or "invalid-answer" with the
// status 0. Its message never contains a value.
type Error struct {
	Name       string        `json:"-"`
	Code       string        `json:"code"`
	Status     int           `json:"status"`
	Detail     string        `json:"detail"`
	RequestID  string        `json:"requestId"`
	RetryAfter time.Duration `json:"-"`
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %d %s: %s (request %s)", e.Name, e.Status, e.Code, e.Detail, e.RequestID)
}

// Temporary says whether the same request may succeed later.
func (e *Error) Temporary() bool {
	return e.Status == 0 || e.Status == http.StatusTooManyRequests || e.Status >= 500
}

// Secret is a value and where it comes from. Printed, it does not show the value.
type Secret struct {
	Value     []byte
	Version   string // empty if the manager has none
	FetchedAt time.Time
	Stale     bool // not known after GetAll
}

// UnmarshalJSON reads Postern's answer.
func (s *Secret) UnmarshalJSON(text []byte) error {
	var answer struct {
		Value, Encoding, Version string
		FetchedAt                time.Time
	}
	err := json.Unmarshal(text, &answer)
	if err == nil && answer.Encoding == "base64" {
		s.Value, err = base64.StdEncoding.DecodeString(answer.Value)
	} else if s.Value = []byte(answer.Value); answer.Encoding == "" {
		return errors.New("no value")
	}
	s.Version, s.FetchedAt = answer.Version, answer.FetchedAt
	return err
}

func (s Secret) String() string {
	return fmt.Sprintf("Secret[version=%s fetched=%v]", s.Version, s.FetchedAt)
}
func (s Secret) GoString() string { return s.String() }

// Client reads secrets. Any goroutine may use it. A name is a reference as in Postern's settings:
// [backend:]name[#property][@version].
type Client struct {
	http      http.Client
	url       string
	tokenFile string
	timeout   time.Duration
}

// New makes a client from SECRETS_URL, which is http://host:port or unix:/path, and from SECRETS_TOKEN_FILE. The file
// is read for each request, so the token may be rotated.
func New() *Client {
	home, _ := os.UserHomeDir()
	defaultFile := podToken
	if _, err := os.Stat(podToken); err != nil {
		defaultFile = filepath.Join(home, ".postern/token")
	}
	client := &Client{
		url:       cmp.Or(os.Getenv("SECRETS_URL"), "http://127.0.0.1:7740"),
		tokenFile: cmp.Or(os.Getenv("SECRETS_TOKEN_FILE"), defaultFile),
		timeout:   10 * time.Second,
	}
	// This transport has no proxy. No redirect gets the token either.
	transport := &http.Transport{MaxIdleConns: 10, IdleConnTimeout: time.Minute}
	if socket, found := strings.CutPrefix(client.url, "unix:"); found {
		client.url = "http://localhost"
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		}
	}
	client.http = http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return client
}

// Get reads one secret.
func (c *Client) Get(ctx context.Context, name string) (Secret, error) {
	secret, _, err := c.read(ctx, name, "")
	return secret, err
}

// GetAll reads up to 100 secrets in one request: all of them, or none and an error that joins an *Error for each name.
func (c *Client) GetAll(ctx context.Context, names ...string) (map[string]Secret, error) {
	var answer struct {
		Secrets map[string]Secret
		Errors  map[string]*Error
	}
	query := url.Values{"name": names}.Encode()
	if _, err := c.send(ctx, strings.Join(names, ", "), "/secrets?"+query, "", &answer); err != nil {
		return nil, err
	}
	var failed []error
	for _, name := range names {
		if problem := answer.Errors[name]; problem != nil {
			problem.Name = name
			failed = append(failed, problem)
		}
	}
	if failed != nil {
		return nil, errors.Join(failed...)
	}
	return answer.Secrets, nil
}

// Watch calls a function with the current value of a secret, and then with each new one, until the context ends. The
// first read fails like Get. Later, an outage or a rotated token only delays the next value. Watch returns what waiting
// does not cure: the secret is gone or denied.
func (c *Client) Watch(ctx context.Context, name string, changed func(Secret)) error {
	last, tag, err := c.read(ctx, name, "")
	if err != nil {
		return err
	}
	changed(last)
	for pause := time.Second; ; {
		secret, newTag, err := c.read(ctx, name, tag)
		var problem *Error
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			pause = time.Second
			// The tags of a restarted Postern are new, even if the value is not.
			if newTag != tag && !bytes.Equal(secret.Value, last.Value) {
				last = secret
				changed(secret)
			}
			tag = newTag
		case errors.As(err, &problem) && (problem.Temporary() || problem.Status == http.StatusUnauthorized):
			select {
			case <-ctx.Done():
			case <-time.After(max(problem.RetryAfter, pause/2+rand.N(pause/2))):
			}
			pause = min(2*pause, longestPause)
		default:
			return err
		}
	}
}

// read returns the secret and its tag. With a tag it waits, and returns that tag alone if the value still has it.
func (c *Client) read(ctx context.Context, name, tag string) (Secret, string, error) {
	rest, version, _ := strings.Cut(name, "@")
	path, property, _ := strings.Cut(rest, "#")
	query := ""
	for _, part := range [][2]string{{"property", property}, {"version", version}} {
		if part[1] != "" {
			query += "&" + part[0] + "=" + escape(part[1])
		}
	}
	if tag != "" {
		query += fmt.Sprintf("&wait=%.0fs", longestWait.Seconds())
	}
	var secret Secret
	headers, err := c.send(ctx, name, "/secrets/"+escape(path)+"?"+strings.TrimPrefix(query, "&"), tag, &secret)
	if err != nil || headers == nil {
		return Secret{}, tag, err
	}
	secret.Stale = strings.Contains(headers.Get("Cache-Status"), "detail=stale")
	return secret, headers.Get("ETag"), nil
}

// escape leaves what is percent-encoded.
func escape(text string) string {
	return strings.NewReplacer("%2F", "/", "%3A", ":", "%25", "%").Replace(url.PathEscape(text))
}

// send returns no headers if the value still has the tag.
func (c *Client) send(ctx context.Context, name, path, tag string, answer any) (http.Header, error) {
	token, err := os.ReadFile(c.tokenFile)
	if err != nil {
		return nil, &Error{Name: name, Code: "no-token", Detail: err.Error()}
	}
	timeout := c.timeout
	if tag != "" {
		timeout += longestWait
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(limited, http.MethodGet, c.url+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Accept", "application/json")
	if tag != "" {
		request.Header.Set("If-None-Match", tag)
	}
	response, err := c.http.Do(request)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	} else if err != nil {
		return nil, &Error{Name: name, Code: "unreachable", Detail: err.Error()}
	}
	defer response.Body.Close()
	switch decoder := json.NewDecoder(response.Body); response.StatusCode {
	case http.StatusNotModified:
		return nil, nil
	case http.StatusOK:
		if err := decoder.Decode(answer); err == nil {
			return response.Header, nil
		}
	default:
		problem := &Error{Name: name}
		if err := decoder.Decode(problem); err == nil && problem.Code != "" {
			seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
			problem.RetryAfter = time.Duration(seconds) * time.Second
			return nil, problem
		}
	}
	return nil, &Error{Name: name, Code: "invalid-answer", Detail: c.url + " is not Postern"}
}
