#!/bin/sh
# A real Exim in the same world: its own configuration, spool and log under the lab's folder.
# $1: the lab's folder; $2: `all` or `default`, the selectors of its log; what follows is handed to Exim.
set -eu
lab=$1
name=exim-$2
selectors=
address=127.0.0.3
[ "$2" = all ] && selectors='log_selector = +all' && address=127.0.0.2
shift 2
if [ ! -x "$lab/up/exim" ]; then
    # Exim runs itself again, so it must lie where its configuration says, and be allowed to become another user.
    grep -q '^Debian-exim:' /etc/passwd || {
        echo 'Debian-exim:x:989:989::/var/spool/exim4:/usr/sbin/nologin' >> /etc/passwd
        echo 'Debian-exim:x:989:' >> /etc/group
    }
    cp "$lab/exim/usr/sbin/exim4" "$lab/up/exim"
    chmod 4755 "$lab/up/exim"
fi
if [ ! -e "$lab/up/$name.conf" ]; then
    mkdir -p "$lab/up/$name" "$lab/out/$name"
    chown -R mail:mail "$lab/up/$name" "$lab/out"
    cat > "$lab/up/$name.conf" <<EOF
exim_path = $lab/up/exim
primary_hostname = mail.northwind.example
qualify_domain = northwind.example
spool_directory = $lab/up/$name
log_file_path = $lab/out/${name}_%slog
exim_user = mail
exim_group = mail
never_users =
trusted_users = root
host_lookup =
keep_environment =
remote_max_parallel = 1
$selectors
acl_smtp_rcpt = accept
begin routers
out:
  driver = dnslookup
  domains = ! northwind.example
  transport = out
  no_more
home:
  driver = accept
  transport = bounces
begin transports
out:
  driver = smtp
  hosts_avoid_tls = *
  interface = $address
  connection_max_messages = 1
  connect_timeout = 5s
  command_timeout = 3s
  data_timeout = 3s
  final_timeout = 3s
  helo_data = mail.northwind.example
bounces:
  driver = appendfile
  directory = $lab/out/$name
  maildir_format
  create_directory
  user = mail
  group = mail
begin retry
* * F,25s,5s
EOF
fi
exec "$lab/up/exim" -C "$lab/up/$name.conf" "$@"
