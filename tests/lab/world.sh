#!/bin/sh
# A world of its own for a real Postfix: run inside `unshare -n -m`, where nothing can leave and nothing stays.
# $1: the lab's folder, with the unpacked packages under root/.
set -eu
lab=$1
mkdir -p "$lab/out"
ip link set lo up
# Private copies of what is written to; the packages lie over the machine's own files.
mount -t tmpfs tmpfs "$lab/up"
for top in usr etc var; do
    mkdir -p "$lab/up/$top" "$lab/up/$top.work"
    mount -t overlay overlay -o "lowerdir=$lab/root/$top:/$top,upperdir=$lab/up/$top,workdir=$lab/up/$top.work" "/$top"
done
mkdir -p "$lab/up/dev"
for node in null zero random urandom full; do
    : > "$lab/up/dev/$node"
    mount --bind "/dev/$node" "$lab/up/dev/$node"
done
ln -s /proc/self/fd "$lab/up/dev/fd"
mount --rbind "$lab/up/dev" /dev
ldconfig

grep -q '^postfix:' /etc/passwd || {
    echo 'postfix:x:991:991::/var/spool/postfix:/usr/sbin/nologin' >> /etc/passwd
    printf 'postfix:x:991:\npostdrop:x:990:\n' >> /etc/group
}
chgrp postdrop /usr/sbin/postqueue /usr/sbin/postdrop
chmod 2555 /usr/sbin/postqueue /usr/sbin/postdrop

echo 'nameserver 127.0.0.1' > "$lab/up/resolv.conf"
rm -f /etc/resolv.conf && cp "$lab/up/resolv.conf" /etc/resolv.conf
cat > "$lab/up/dnsmasq.conf" <<EOF
no-resolv
no-hosts
user=root
group=root
mx-host=icloud.com,mx01.mail.icloud.com,10
mx-host=icloud.com,mx02.mail.icloud.com,10
mx-host=me.com,mx01.mail.icloud.com,10
mx-host=mac.com,mx03.mail.icloud.com,10
mx-host=custom.example,mx02.mail.icloud.com,10
mx-host=gmail.com,gmail-smtp-in.l.google.com,5
mx-host=acme.com,mx.acme.com,10
host-record=mx01.mail.icloud.com,127.0.17.1
host-record=mx02.mail.icloud.com,127.0.17.2
host-record=mx03.mail.icloud.com,127.0.17.3
host-record=gmail-smtp-in.l.google.com,127.0.17.4
host-record=mx.acme.com,127.0.17.5
host-record=mail.northwind.example,127.0.0.1
EOF
dnsmasq -C "$lab/up/dnsmasq.conf" --pid-file= --listen-address=127.0.0.1 --bind-interfaces

cat > "$lab/up/rsyslog.conf" <<EOF
module(load="imuxsock" SysSock.Name="/dev/log" SysSock.RateLimit.Interval="0")
template(name="rfc3339" type="string" string="%timestamp:::date-rfc3339% %hostname% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
template(name="rfc5424" type="string" string="<%pri%>1 %timestamp:::date-rfc3339% %hostname% %app-name% %procid% %msgid% %structured-data% %msg%\n")
mail.* action(type="omfile" file="$lab/out/traditional.log" template="RSYSLOG_TraditionalFileFormat")
mail.* action(type="omfile" file="$lab/out/rfc3339.log" template="rfc3339")
mail.* action(type="omfile" file="$lab/out/rfc5424.log" template="rfc5424")
EOF
rsyslogd -f "$lab/up/rsyslog.conf" -i "$lab/up/rsyslog.pid"

cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf
cp /etc/postfix/postfix-files /etc/postfix/postfix-files.orig 2>/dev/null || true
postconf -e compatibility_level=3.6 myhostname=mail.northwind.example mydestination= \
    inet_interfaces=127.0.0.1 inet_protocols=ipv4 smtp_tls_security_level=none alias_maps= alias_database= \
    virtual_mailbox_domains=northwind.example virtual_mailbox_base="$lab/out" virtual_mailbox_maps=static:postfix-bounces/ \
    virtual_minimum_uid=1 virtual_uid_maps=static:8 virtual_gid_maps=static:8 notify_classes= \
    minimal_backoff_time=5s maximal_backoff_time=10s queue_run_delay=5s maximal_queue_lifetime=30s \
    bounce_queue_lifetime=30s smtp_connect_timeout=5s smtp_rcpt_timeout=3s smtp_data_done_timeout=3s mynetworks=127.0.0.0/8 enable_long_queue_ids=no
postconf -F '*/*/chroot=n'
mkdir -p /var/spool/postfix /var/lib/postfix
mkdir -p "$lab/out/postfix-bounces"
chown -R mail:mail "$lab/out/postfix-bounces"
chown -R postfix /var/lib/postfix
postfix set-permissions 2> /dev/null || true
postfix start
