"""Second step: six digits from an app after the password (RFC 6238), and recovery codes for the day the phone is lost."""

import datetime as dt
import hmac
import secrets
from collections.abc import Sequence

from retropace.errors import UnusableInput
from retropace.store.accounts import Account
from retropace.store.database import Database
from retropace.store.token import checksum

#: A code counts for its own step of 30 s, the one before and the one after: clocks of phones differ.
_STEP_S, _AROUND = 30, (0, -1, 1)
#: Recovery codes: how many, and of how many letters that cannot be taken for each other (each 5 bits).
RECOVERY_CODES, _LETTERS = 10, 16
_ALPHABET = "abcdefghjkmnpqrstuvwxyz123456789"


class SecondStep:
    """The second steps of a house's accounts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, account: Account, secret: str, code: str, now: dt.datetime) -> tuple[str, ...]:
        """Ask for codes of `secret` from now on; the recovery codes, to be shown once. Raises UnusableInput."""
        step = _step_of(secret, code, now, after=0)
        if step is None:
            remedy = "Wait for the next one, and check that your phone's clock is right."
            raise UnusableInput("This code does not fit", field="code", remedy=remedy)
        with self.database.transaction() as store:
            store.run(
                "UPDATE account SET totp_secret = :secret, totp_last = :step WHERE person = :person",
                secret=secret,
                step=step,
                person=account.person_id,
            )
        return self.renew_recovery(account)

    def end(self, account: Account) -> None:
        """Ask for codes no more."""
        with self.database.transaction() as store:
            store.run("UPDATE account SET totp_secret = NULL WHERE person = :person", person=account.person_id)
            store.run("DELETE FROM recovery_code WHERE person = :person", person=account.person_id)

    def passes(self, account: Account, code: str, now: dt.datetime) -> bool:
        """Whether a code of the app fits that was not used yet, or a recovery code, which is used up by it."""
        plain = "".join(sign for sign in code.casefold() if sign.isalnum())
        if account.totp_secret is None:
            return False
        if plain.isdecimal() and len(plain) == 6:
            step = _step_of(account.totp_secret, plain, now, after=account.totp_last)
            return step is not None and self._use(account, step)
        with self.database.transaction() as store:
            sql = "DELETE FROM recovery_code WHERE person = :person AND code = :code"
            return store.run(sql, person=account.person_id, code=checksum(plain)) == 1

    def renew_recovery(self, account: Account) -> tuple[str, ...]:
        """Ten new recovery codes; the old ones count no more."""
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        with self.database.transaction() as store:
            store.run("DELETE FROM recovery_code WHERE person = :person", person=account.person_id)
            for code in codes:
                store.run(
                    "INSERT INTO recovery_code (person, code) VALUES (:person, :code)",
                    person=account.person_id,
                    code=checksum(code),
                )
        return tuple(_in_groups(code) for code in codes)

    def recovery_left(self, account: Account) -> int:
        """How many recovery codes are left."""
        with self.database.transaction(write=False) as store:
            rows = store.all("SELECT code FROM recovery_code WHERE person = :person", person=account.person_id)
        return len(rows)

    def _use(self, account: Account, step: int) -> bool:
        """Mark a step as used; False where it, or a later one, was used in the meantime."""
        with self.database.transaction() as store:
            sql = "UPDATE account SET totp_last = :step WHERE person = :person AND totp_last < :step"
            return store.run(sql, step=step, person=account.person_id) == 1


def new_secret() -> str:
    """A secret for the app, 160 bits as RFC 4226 recommends, in base 32."""
    import pyotp

    return pyotp.random_base32()


def address_of(secret: str, login: str) -> str:
    """What the QR code says: otpauth://totp/..."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="retropace")


def require_secret(secret: str) -> str:
    """`secret` where it can be one. Raises UnusableInput."""
    if len(secret) != 32 or not set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        raise UnusableInput("This secret is damaged", field="secret", remedy="Load the page again.")
    return secret


def _step_of(secret: str, code: str, now: dt.datetime, after: int) -> int | None:
    """The step whose code this is, None where it fits none later than step `after`."""
    import pyotp

    made = pyotp.HOTP(secret)
    present = int(now.timestamp()) // _STEP_S
    fitting: Sequence[int] = [
        step for step in (present + near for near in _AROUND) if hmac.compare_digest(made.at(step), code)
    ]
    return next((step for step in fitting if step > after), None)


def _recovery_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))


def _in_groups(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
