"""Signs mails with dkimpy, the outside signer: a mail and the text of its key for each way in which a signature may be."""
import base64
import pathlib
import subprocess
import sys

import dkim
import nacl.signing

OUT = pathlib.Path(sys.argv[1])
DOMAIN = b"good.example"
MAIL = (b"Return-Path: <maria@good.example>\r\nFrom: Maria Lind <maria@good.example>\r\nTo: anna@icloud.com\r\n"
        b"Subject: Invoice  1042\r\nDate: Mon, 05 Oct 2026 07:14:07 +0000\r\nMessage-ID: <1@good.example>\r\n"
        b"\r\nHello  Anna,\r\n\r\nthe invoice is attached. \r\n\r\n\r\n")
FIELDS = [b"from", b"to", b"subject", b"date", b"message-id"]


class Expired(dkim.DKIM):
    """dkimpy knows no x=; it goes in before everything is hashed."""

    def gen_header(self, fields, *rest, **named):
        place = [name for name, _ in fields].index(b"t")
        return super().gen_header(fields[:place] + [(b"t", b"1000000000"), (b"x", b"1000000100")] + fields[place + 1:], *rest, **named)


def rsa(bits):
    private = subprocess.run(["openssl", "genrsa", "-traditional", str(bits)], check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=private, check=True, capture_output=True).stdout
    return private, "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


def ed25519():
    key = nacl.signing.SigningKey.generate()
    return base64.b64encode(key.encode()), "v=DKIM1; k=ed25519; p=" + base64.b64encode(key.verify_key.encode()).decode()


def sign(selector, key, mail=MAIL, signer=dkim.DKIM, algorithm=b"rsa-sha256", canonical=(b"relaxed", b"relaxed")):
    tool = signer(mail, signature_algorithm=algorithm, minkey=256)
    return tool.sign(selector.encode(), DOMAIN, key, canonicalize=canonical, include_headers=FIELDS) + mail


def write(name, mail, record):
    (OUT / f"{name}.eml").write_bytes(mail)
    (OUT / f"{name}.txt").write_text(record)


long, long_record = rsa(2048)
for name, canonical in [("relaxed", (b"relaxed", b"relaxed")), ("simple", (b"simple", b"simple")), ("mixed", (b"relaxed", b"simple"))]:
    write(name, sign(name, long, canonical=canonical), long_record)
write("body", sign("body", long).replace(b"attached", b"enclosed"), long_record)
write("header", sign("header", long).replace(b"Invoice", b"Reminder"), long_record)
write("both", sign("both", long).replace(b"attached", b"enclosed").replace(b"Invoice", b"Reminder"), long_record)
write("stranger", sign("stranger", long), rsa(2048)[1])
write("expired", sign("expired", long, signer=Expired), long_record)
write("sha1", sign("sha1", long, algorithm=b"rsa-sha1"), long_record)
write("spaces", sign("spaces", long, mail=MAIL + b" \t\r\n \r\n"), long_record)
write("identity", sign("identity", long).replace(b"i=@good.example", b"i=@other.example"), long_record)
sealed = b"".join(dkim.arc_sign(b"Authentication-Results: mail.good.example; spf=pass\r\n" + MAIL, b"sealed", DOMAIN, long, b"mail.good.example")) + MAIL
write("sealed", sealed, long_record)
write("unsealed", sealed.replace(b"s=sealed", b"s=unsealed").replace(b"attached", b"enclosed"), long_record)
for name, bits in [("medium", 1024), ("short", 512)]:
    key, record = rsa(bits)
    write(name, sign(name, key), record)
key, record = ed25519()
write("ed", sign("ed", key, algorithm=b"ed25519-sha256"), record)
