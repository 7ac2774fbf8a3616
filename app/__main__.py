"""``python -m app``: the same as ``reformsim``."""

from app.main import main

if __name__ == "__main__":  # working processes import this file under another name
    raise SystemExit(main())
