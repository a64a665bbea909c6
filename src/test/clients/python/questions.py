"""Answers the questions on standard input, one on a line, by the functions of a client."""
import base64
import json
import sys


def shown(value):
    if isinstance(value, bytes):
        return "binary " + base64.b64encode(value).decode()
    return "text " + (value if isinstance(value, str) else json.dumps(value, sort_keys=True))


def answer(functions, code):
    """functions by name; code(exception) is what a program would tell apart."""
    for line in sys.stdin:
        function, *arguments = line.split()
        try:
            print(shown(functions[function](*arguments)), flush=True)
        except Exception as e:  # the client's own, whatever they are
            print("error", code(e), flush=True)
