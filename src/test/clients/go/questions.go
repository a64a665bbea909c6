// Package clients answers the questions on standard input, one on a line, by the functions of a client.
package clients

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Function answers one kind of question.
type Function func(arguments ...string) (any, error)

// Answer answers all questions; code is what a program would tell apart.
func Answer(functions map[string]Function, code func(error) string) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		value, err := functions[words[0]](words[1:]...)
		if err != nil {
			fmt.Println("error", code(err))
			continue
		}
		switch value := value.(type) {
		case []byte:
			fmt.Println("binary", base64.StdEncoding.EncodeToString(value))
		case string:
			fmt.Println("text", value)
		default:
			text, _ := json.Marshal(value)
			fmt.Println("text", string(text))
		}
	}
}
