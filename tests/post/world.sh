#!/bin/sh
# A world of its own for a submission server and an IMAP server with TLS: run inside `unshare -n -m`.
# $1: the lab's folder, with Postfix unpacked under root/; Dovecot is the machine's own.
set -eu
lab=$1
ip link set lo up
mount -t tmpfs tmpfs "$lab/up"
for top in usr etc var; do
    mkdir -p "$lab/up/$top" "$lab/up/$top.work"
    mount -t overlay overlay -o "lowerdir=$lab/root/$top:/$top,upperdir=$lab/up/$top,workdir=$lab/up/$top.work" "/$top"
done
ldconfig
grep -q '^postfix:' /etc/passwd || {
    echo 'postfix:x:991:991::/var/spool/postfix:/usr/sbin/nologin' >> /etc/passwd
    printf 'postfix:x:991:\npostdrop:x:990:\n' >> /etc/group
}
chgrp postdrop /usr/sbin/postqueue /usr/sbin/postdrop
chmod 2555 /usr/sbin/postqueue /usr/sbin/postdrop

mkdir -p "$lab/post/mail" "$lab/post/imap"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=localhost' -addext 'subjectAltName=DNS:localhost' \
    -addext 'basicConstraints=critical,CA:FALSE' -keyout "$lab/up/key.pem" -out "$lab/post/cert.pem" 2> /dev/null

cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
cp /etc/postfix/postfix-files /etc/postfix/postfix-files.orig 2> /dev/null || true
cat > /etc/postfix/main.cf <<EOF
compatibility_level = 3.6
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = $lab/post/postfix.log
maillog_file_prefixes = $lab
alias_maps =
smtpd_tls_cert_file = $lab/post/cert.pem
smtpd_tls_key_file = $lab/up/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = $lab/up/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
virtual_mailbox_domains = apple.com, northwind.example
virtual_mailbox_base = $lab/post/mail
virtual_mailbox_maps = static:box/
virtual_minimum_uid = 1
virtual_uid_maps = static:8
virtual_gid_maps = static:8
EOF
cat >> /etc/postfix/master.cf <<EOF
2587 inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
2465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
2588 inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o message_size_limit=300
2589 inet n - n - - smtpd -o smtpd_sasl_auth_enable=no
EOF
sed -i '/^smtp *inet/d' /etc/postfix/master.cf
postconf -F '*/*/chroot=n'
mkdir -p /var/spool/postfix /var/lib/postfix
chown -R postfix /var/lib/postfix
postfix set-permissions 2> /dev/null || true
chown -R mail:mail "$lab/post/mail" "$lab/post/imap"

cat > "$lab/up/dovecot.conf" <<EOF
base_dir = $lab/up/dovecot
state_dir = $lab/up/dovecot-state
log_path = $lab/post/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <$lab/post/cert.pem
ssl_key = <$lab/up/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
passdb {
  driver = static
  args = password=geheim
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$lab/post/imap/%n
}
first_valid_uid = 8
mail_location = maildir:~/Maildir
namespace inbox {
  inbox = yes
  mailbox Kladdar {
    auto = create
    special_use = \Drafts
  }
}
service imap-login {
  inet_listener imap {
    port = 2143
  }
  inet_listener imaps {
    port = 2993
  }
}
service auth {
  unix_listener $lab/up/auth {
    mode = 0666
  }
}
EOF
dovecot -c "$lab/up/dovecot.conf" > "$lab/post/start.log" 2>&1 < /dev/null
postfix start > "$lab/post/start-postfix.log" 2>&1 < /dev/null
