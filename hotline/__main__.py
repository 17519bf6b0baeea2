"""`hotline`: every command, each a module of hotline/cli, loaded only when it is called for."""

from hotline.cli import app

if __name__ == "__main__":
    app()
