# Fönstrets ord. Reglernas texter (betydelse, råd, källor) är kunskap och står på engelska.

-app = Reprieve

# Listen
add-files = Lägg till filer
add-folder = Lägg till mapp
paste-text = Klistra in text
remove-source = Ta bort { $name }
language = Språk
theme = Utseende
theme-system = Som systemet
theme-light = Ljust
theme-dark = Mörkt

# Innan något har lästs
empty-title = Släpp e-postloggen här
empty-lead = Filer, mappar, roterade loggar och arkiv, som de är. Eller klistra in raderna.
empty-privacy = Inget lämnar den här datorn om du inte ber om det.
empty-where = Var finns loggen?
empty-where-files = På e-postservern, som root: /var/log/mail.log och dess roterade filer, även som .gz
empty-where-journal = Utan fil: journalctl -u 'postfix*' -o json > mail.json
empty-where-back = Ta loggen från en vecka före den första avvisningen, så att början kan visas.
copy-request = Kopiera ett mejl som ber om det
drop-here = Släpp för att läsa

# Läsning
reading = Läser
reading-rate = { $done } av { $total } · { $rate } i sekunden · { $left } kvar
reading-begun = { $done } av { $total }
stop = Stoppa
stopped = Stoppat: det som lästes dittills visas.
read-in = { $lines } rader på { $seconds } s
paste-title = Klistra in loggrader
paste-label = Loggrader
paste-read = Läs dem
cancel = Avbryt
close = Stäng
pasted = Inklistrad text { $number }

# Utslag
verdict = Utslag
verdict-provider = { $who } avvisar själv er e-post, och bara { $who } kan häva det.
verdict-list_owner = { $who } har listat er adress, och iCloud tillämpar listan. Fråga { $who }, inte Apple.
verdict-sender = Avvisningarna nämner ett fel på den sändande sidan. Rätta det innan någon tillfrågas.
verdict-recipient = Avvisningarna gäller enskilda mottagare. Inget är spärrat.
verdict-relay = En server däremellan avvisar eller förvanskar posten. Dess operatör måste agera.
verdict-developer_programme = Posten går till adresser med Dölj min e-post. Avsändaren måste vara registrerad i Apples utvecklarprogram.
verdict-outage = Allt avvisades i några timmar och togs sedan emot igen: ett avbrott hos iCloud, ingen spärr.
verdict-forwarding = Det mesta som avvisades hade vidarebefordrats åt andra. Vidarebefordringen måste ändras innan ett brev hjälper.
verdict-wait = iCloud skjuter upp posten för tillfället. Det går över av sig självt om ni skickar långsammare.
verdict-unknown = iCloud avvisar post med ett svar som ingen regel känner.
verdict-nothing = Ingen post till iCloud hittades i de här källorna.
verdict-foreign = De här studsarna gäller post som aldrig gått via era servrar: någon förfalskar era adresser.
verdict-clear = iCloud avvisade inget i de här källorna.
next = Nästa steg
next-provider = Fyll i uppgifterna nedan och skicka brevet till { $contact }.
next-list_owner = Slå upp adressen och begär borttagning: { $contact }
next-sender = Öppna fyndet nedan och gör det som råds.
next-recipient = Rätta eller ta bort adresserna; inget brev behövs.
next-relay = Skicka raderna till den som driver servern däremellan.
next-developer_programme = Registrera domänen och returadressen: { $contact }
next-outage = Skicka det avvisade igen. Inget brev behövs.
next-forwarding = Filtrera före vidarebefordran, skriv om avsändaren (SRS) eller låt folk hämta sin post.
next-wait = Låt kön hålla sitt eget schema. Skriv bara om det varar mer än ett dygn.
next-unknown = Citera svaret som det är och fråga Apple. Gissa inte vad det betyder.
next-nothing = Lägg till loggen från servern som skickar till internet, eller en äldre.
next-foreign = Skriv inget brev. Publicera SPF, DKIM och DMARC, så att förfalskningar avvisas som sådana.
next-clear = Om post ändå saknas, leta i mottagarens skräppost.
door = Vems dörr
door-provider = mottagaren
door-list_owner = en listas ägare
door-sender = avsändaren
door-recipient = den enskilde mottagaren
door-relay = operatören av en mellanserver
door-developer_programme = Apples utvecklarprogram
door-outage = ingens: ett avbrott
door-wait = ingens: det går över
door-unknown = okänt
door-none = ingens
sure = Hur säkert
confidence-high = säkert
confidence-medium = ganska säkert
confidence-low = slutsats: inte dokumenterat av mottagaren
basis-of-follows = Vad den följer
follows-ip = Spärren följer den sändande adressen.
follows-domain = Spärren följer avsändarens domän.
follows-stream = Spärren följer ett slags post.
follows-message = Enstaka meddelanden avvisas, inte allt.
follows-undecided = En enda adress eller domän kan inte visa om spärren följer adressen eller domänen.
why-no_block = Det finns ingen spärr.
why-split = Avvisas: { $red }. De andra gör det inte.
why-named = Svaren nämner adressen.
why-every_domain = Alla avsändardomäner avvisas lika.
why-scattered = Avvisningarna är spridda över avsändare.
why-alone = Underlaget har bara en adress eller en domän.
matrix-lead = Avvisade av försökta, sedan den första avvisningen. Varje ruta öppnar sina rader.
column-sender = Avsändare
cell = { $refused } av { $tried }
sender-null = ingen avsändare
sender-unknown = avsändaren inte loggad
ip-unknown = adressen inte loggad
stream-person = personer
stream-script = program
stream-list = listor
stream-forwarded = vidarebefordrat
stream-null_sender = ingen avsändare
stream-mail = post
conduct = Före den första avvisningen
conduct-lead = { $messages } meddelanden till { $recipients } mottagare hos iCloud under de { $hours } timmarna före den, { $unknown } till ingen.
conduct-week = Under de { $weekhours } timmarna dessförinnan: { $week } meddelanden.
column-hours-before = 72 timmar före
column-week-before = veckan före
talker-login = inloggning
talker-script = programanvändare
talker-null_sender = studsar, frånvarosvar
talker-sender = avsändare
talker-domain = domän
talker-suspect = sticker ut
figure-refused = meddelanden avvisade sedan början
figure-tried = försökta
figure-delivered = försök mottagna
figure-deferred = försök uppskjutna
figure-rejected = försök avvisade

# Dörrar, och vad underlaget visar
doors = Ärendets dörrar, efter andel av meddelandena
before = Innan du skriver
remark-suspect_login = Inloggningen { $name } sticker ut: { $a } av { $b } meddelanden till iCloud under de 72 timmarna före den första avvisningen, { $c } veckan innan, { $d } av dem till ingen. Se på den först: är lösenordet stulet, eller är det ett utskick?
remark-suspect_script = Programanvändaren { $name } sticker ut: { $a } av { $b } meddelanden till iCloud under de 72 timmarna före den första avvisningen, { $c } veckan innan, { $d } av dem till ingen. Leta efter ett missbrukat webbformulär eller skript.
remark-suspect_null_sender = Post utan avsändare sticker ut: { $a } av { $b } meddelanden till iCloud under de 72 timmarna före den första avvisningen, { $c } veckan innan. Leta efter studsar till förfalskade adresser och efter frånvarosvar.
remark-suspect_sender = Avsändaren { $name } sticker ut: { $a } av { $b } meddelanden till iCloud under de 72 timmarna före den första avvisningen, { $c } veckan innan, { $d } av dem till ingen. Se på den först: är ett konto stulet, eller är det ett utskick?
remark-unknown_users = { $a } av { $b } meddelanden under de 72 timmarna före den första avvisningen gick till mottagare som inte finns. Ta bort de adresserna, och se var de kommer ifrån.
remark-forwarding = { $a } av { $b } avvisade meddelanden hade vidarebefordrats åt andra. Filtrera före vidarebefordran, skriv om avsändaren (SRS) eller låt folk hämta sin post.
remark-own_spam = Sådana svar är oftast spår av skräppost som lämnat adressen. Hitta källan och stoppa den, eller skriv vad du kontrollerade och inte fann.
remark-first_list_owner = { $a } meddelanden avvisades för att { $name } listar adressen. Fråga där först: { $contact }
remark-first_sender = { $a } meddelanden pekar på ett fel på avsändarsidan. Rätta det först; fyndet säger hur.
remark-relays = { $a } av { $b } försök gick via { $name }, inte till iCloud självt. Det är den serverns adress som bedöms, och dess operatör måste agera.
remark-control = Under samma kvartar togs { $a } av { $b } försök hos andra mottagare emot; { $percent } % avvisades.
remark-alike = Från en enda adress ser en spärr och ett avbrott likadana ut. Se Apples systemstatus; om posten fortfarande avvisas efter 6 timmar, skriv.
remark-short = Underlaget börjar { $a } timmar före den första avvisningen. Tio dagar skulle visa om någons post ökade kraftigt dessförinnan.
remark-junk = Allt togs emot. Om en mottagare saknar post kan den ligga i Skräp: be om att den markeras som inte skräp. Inget brev hjälper där.
remark-foreign = { $a } studsar gäller post som aldrig gått via era servrar.

# Fynd
findings = Fynd
findings-lead = Varje rad är ett slags svar.
findings-none = Ingen avvisning hittades.
column-reply = Svar
column-messages = Meddelanden
column-attempts = Försök
column-first = Första
column-last = Senaste
details = Detaljer om { $reply }
no-rule = Ingen regel känner detta svar. Citera det som det är.
advice = Att göra
known-from = Känt från
copy-reply = Kopiera svaret
show-lines = { $count ->
    [one] Visa { $count } rad
   *[other] Visa { $count } rader
}

# Tidslinje
timeline = Tidslinje
timeline-lead = Försök per timme, i UTC. Andra mottagare under samma timmar står svagt bakom.
timeline-none = Tidsstämplarna kunde inte läsas, så det finns ingen tidslinje.
timeline-summary = Från { $from } till { $to }: { $delivered } mottagna, { $deferred } uppskjutna, { $rejected } avvisade.
timeline-started = först avvisat
legend-rejected = avvisade
legend-deferred = uppskjutna
legend-delivered = mottagna
legend-control = andra mottagare, mottagna
timeline-table = Samma som tabell
column-hour = Timme (UTC)
column-control = Andra mottagna
column-control-failed = Andra misslyckade

# Sändande adresser
sending = Sändande adresser
sending-lead = Adresserna som Apple måste slå upp. Bara egna och publika hör hemma i brevet.
sending-none = Loggen nämner inte den sändande adressen. Lägg till e-postserverns publika adress.
sending-add = Lägg till en adress
sending-add-button = Lägg till
sending-remove = Ta bort { $ip }
sending-bad = Det är ingen IP-adress.
sending-attempts = { $count ->
    [one] { $count } försök
   *[other] { $count } försök
}
basis-given = angiven av er
basis-field = loggad av den sändande servern
basis-provider_reply = nämnd i mottagarens svar
basis-instance_name = nämnd av den sändande instansen
sending-confirm = Den är vår

# Antaganden
assumptions = Antaganden
assumptions-lead = Det som loggen inte säger. En rättelse gäller genast; inget läses om.
assumption-tz = Tidsstämplarnas tidszon
assumption-year = År för den nyaste stämpeln
assumption-stated = står i loggen
assumption-assumed = antaget
assumption-given = bekräftat av er
assumption-confirm = Det stämmer
assumption-bad-tz = Det är ingen tidszon. Skriv den som Europe/Stockholm.
assumption-outage = Apples systemstatus visar en störning vid den tiden

# Autentiseringskontrollen
check = Är avsändarens eget hus i ordning?
check-lead = SPF, DKIM-nycklar, DMARC och namn, så som en mottagare ser dem. Detta frågar din namnserver; inget annat lämnar datorn.
check-now = Kontrollera nu
checking = Frågar …
checked-at = { $domain }, frågat hos { $servers }
check-clean = Inget är fel som går att fråga DNS om.
check-remedy = Vad göra:
check-asked-by = krävs av { $who }
check-all = { $count } i ordning
check-use = Använd i brevet
check-again = Fråga igen
check-walk = Vägen genom SPF-posterna
check-mail = Lägg till ett skickat brev …
check-mail-why = Ett skickat brev, sparat med källtext, visar om dess DKIM-signaturer stämmer.
check-lookups = { $count } av 10 uppslag
check-ttl = får sparas { $seconds } s
severity-blocker = post avvisas för detta
severity-high = väger tungt
severity-medium = spelar roll
severity-low = spelar liten roll
severity-info = bra att veta
check-apple = Apple kräver det
remedy-replaces = I stället för
remedy-zone = I en zonfil
remedy-form = I ett webbformulär: namn, typ, värde
remedy-breaks = Vad som kan gå sönder:
remedy-verify = Efteråt:
check-own = De sändande adresserna är våra egna och fasta.
check-own-why = Bara då skrivs de in i en post.
advice-while = Tills svaret kommer, och efteråt
meanwhile = Tills det är löst
meanwhile-resend = Skicka inte om det som avvisades med 5xx.
meanwhile-flush = Töm inte kön: det som sköts upp (4xx) försöks igen enligt schema.
meanwhile-change = Byt varken adress, PTR, EHLO eller domän medan ärendet är öppet, om inte en kontroll ovan visade fel.
meanwhile-bulk = Pausa nyhetsbrev och annan post till många.
meanwhile-urgent = Skicka brådskande post via en tjänst som får skicka för domänen (SPF, DKIM) och som mottagarna gått med på; eller ring.
afterwards = När posten går fram igen
afterwards-few = Det är över när minst 20 meddelanden av det slag som avvisades har mottagits inom 24 timmar. Färre är för få för att säga något: en pausad kö visar inte heller några avvisningar.
afterwards-suppressed = Ta bara upp mottagare som stoppats enbart av denna spärr och som tagit emot post (250) under de 90 dagarna före.
afterwards-never = Aldrig de som avregistrerat sig, klagat eller inte finns (5.1.1).
afterwards-steps = En tiondel i taget; titta i loggen efter varje.
trials = Att pröva
statements = Det som bara avsändaren kan svara på
declared-lead = Ingen logg visar det. Det som besvaras går in i rapporten, och för post till många på en rad i brevet, som uppgivet av avsändaren.
declared-bulk = frågas av dem som skickar till många
declared-by = Vem som uppger det
status-fail = fel
status-warning = kunde vara bättre
status-unknown = kunde inte fråga
status-pass = i ordning
status-not_applicable = gäller inte

# Uppgifter
facts = Uppgifter till brevet
facts-lead = Det som bara ni vet. Apple agerar på en namngiven orsak som har upphört.
field-company = Företag
field-company-hint = Vems post det är
field-domain = E-postdomän
field-from = Från
field-from-hint = Namn <adress> till en person som läser svar
field-cc = Kopia till
field-cc-hint = Adresser, åtskilda med komma
field-operator = Operatör
field-operator-hint = Vem som driver e-postservern, om inte företaget
field-authority = Behörighet
field-authority-hint = Till exempel: write with its authority
field-mail_kind = Slags post
field-mail_kind-hint = Vad som skickas, hur mycket om dagen, eventuella nyhetsbrev
field-cause = Orsak
field-cause-hint = Vad som orsakade det, eller vad ni kontrollerat utan att finna
field-fixed = Åtgärdat
field-fixed-hint = Vad som stoppades eller ändrades, och när
field-checked = Kontrollerat
field-checked-hint = SPF, DKIM, DMARC, PTR, listor: vad som kontrollerats, och när
field-started = Började
field-started-hint = Bara om det började före loggen
field-reference = Er referens
field-bad-address = Det är ingen adress än: skriv Namn <adress>.

# Brev
letter = Brev
letter-ready = Komplett. Läs det en gång till och skicka det sedan.
letter-not-ready = Inte klart än
letter-to = Till
letter-subject = Ämne
letter-body = Text
copy-to = Kopiera Till
copy-subject = Kopiera Ämne
copy-body = Kopiera texten
copied = Kopierat
copy-failed = Urklipp nekade. Markera texten och kopiera för hand.
letter-redact = Ersätt mottagarnas lokala delar
missing = Vad som fortfarande saknas
missing-fact = { $field } är en av Apples fem punkter
missing-fill = { $field } är tomt i brevet
missing-confirm = { $field } antogs: bekräfta
missing-errors = En avvisning som Apple kan häva. Det finns ingen i de här källorna.
topic-ip = Sändande adress
topic-tz = Tidszon
topic-until_year = År
topic-started = Början
notes = Innan ni skickar
note-long = Brevet har { $lines } rader och { $characters } tecken. Håll det under 45 och 3 500.
note-from = Skriv från en namngiven adress på operatörens eller avsändarens egen domän.
note-other_door = { $count ->
    [one] { $count } avvisning hör till en annan dörr och citeras inte.
   *[other] { $count } avvisningar hör till en annan dörr och citeras inte.
}
note-not_public = En adress som inte är publik utelämnades.
save = Spara
save-eml = E-postutkast (.eml)
save-text = Text
save-json = Underlag (JSON)
save-csv = Försök (CSV)
saved = Sparat: { $path }

# Rader
lines-title = Rader
lines-count = { $count ->
    [one] { $count } rad
   *[other] { $count } rader
}
lines-none = Ingen rad i loggen står bakom detta tal.
lines-again = Källorna läses igen …
lines-more = Visa fler
column-time = Tid (UTC)
column-line = Rad
column-from-to = Från, till
column-said = Svar
line-open = Öppna rad { $line } i { $source }
line-neighbours = Samma meddelande i närheten, som loggen har det
line-attempts = { $count ->
    [one] { $count } försök med detta meddelande
   *[other] { $count } försök med detta meddelande
}
copy-lines = Kopiera som citat
back = Tillbaka till listan

# Källor och problem
sources = Källor
source-summary = { $lines } rader, { $attempts } försök
source-not-understood = { $count } rader inte förstådda
problem-empty = Den är tom. Kontrollera att det är rätt fil och att loggning är på.
problem-no_mail_log = Ingen rad från en känd e-postlogg. Ta /var/log/mail.log, eller journalctl -o json.
problem-not_understood = { $times } rader kunde inte läsas, den första är rad { $line }: { $what }
problem-unopened = Den kunde inte öppnas: { $what }
problem-unreadable = Den kunde inte läsas till slutet: { $what } Det som kom före lästes.
problem-internal = Läsningen misslyckades: ett fel i Reprieve. Resten lästes.
problem-archive = Den kunde inte läsas: { $what }. Packa upp den själv och släpp det den innehåller.
problem-copy = En annan källa innehåller detsamma ({ $what }): räknas en gång.
problem-aside_auto_reply = { $times } automatiska svar, inga studsar.
problem-aside_abuse_report = { $times } missbruksrapporter från mottagare, inga studsar. Se vad som rapporterades: klagomål leder till spärrar.
problem-aside_delay = { $times } meddelanden som bara är sena. Ta studsen som kommer när servern ger upp, eller dess logg.
problem-aside_success = { $times } meddelanden som levererades eller skickades vidare.
problem-aside_foreign = { $times } studsar av post som aldrig gått via era servrar: någon förfalskar era adresser.
problem-aside_by_provider = { $times } studsar av Apple självt om någon annans server.
problem-aside_again = { $times } studsar som redan finns i en annan källa: räknas en gång.
problem-aside_logged = { $times } studsar av försök som redan finns i en logg: räknas en gång.
problem-aside_no_bounce = { $times } vanliga meddelanden, inga studsar. Ta meddelandet som säger att det inte kunde levereras, som .eml.

# Fel
error-nothing_read = Inget har lästs än. Släpp en logg först.
error-zone = Det är ingen tidszon. Skriv den som Europe/Stockholm.
error-draft = Utkastet kunde inte byggas. Kontrollera adresserna.
error-lines = Raden kunde inte hämtas igen. Lägg tillbaka filen, eller läs den igen.
error-write = Filen kunde inte skrivas. Välj en annan mapp.
error-other = Något gick fel: { $text }

# Brevets former, vad som står i vägen, andra dörrar
letter-redact-lifted = Mottagare står i klartext i det du sparar eller skickar nu. Slå på döljandet igen om de inte samtyckt.
letter-overruled = Går ut ändå, som du säger nedan.
letter-form-operator = Form: adressens operatör
letter-form-pool = Form: en avsändare på en delad adresspool
letter-form-host = Form: en värd för många domäner, eller en vidaresändare
obstacle-outage = Avvisningarna ser ut som ett övergående fel hos Apple. Vänta, och släpp nyare loggar.
obstacle-old = Det nyaste citerade svaret är äldre än ett dygn. Släpp dagens logg.
obstacle-blockers = Kontrollen fann något som gör att post avvisas. Rätta det, eller förklara det.
obstacle-pool = Säg vem som driver de delade adresserna.
obstacle-open = Ett brev om denna adress har gått ut och är inte avslutat. Skriv en uppföljning i stället.
obstacle-patience = Mindre än tre dagar har gått sedan förra brevet. Vänta.
obstacle-nothing_new = Inget har avvisats sedan förra brevet. Det finns inget att skriva.
note-clear = Mottagare står i klartext.
note-domains = { $count } avsändardomäner avvisades. Nämn den det gäller, eller skriv som deras värd.
note-intake = Adressen ser ut som ett ärendeintag. Låt en person skriva, och släpp fram svar från apple.com genom ditt filter.
note-both = Låt kunden veta med en kopia, så att inte båda skriver.
note-untimed = { $count } citerade svar saknar tid. Mottagaren kan knappast hitta dem.
note-story = Ett svar har { $count } tecken. Vad som hände och när räcker.
note-wish = Ingen tillåtlista, ingen brådska, inga hot: någon sådan lista finns inte, och läsare slutar läsa.
note-others = Lämna andra mottagare utanför.
note-attachment = Inget bifogas, och bilder läses inte. Skriv fakta i texten.
note-unfixed = Rätta det först och skriv sedan: vad som ska göras är ingen rättelse.
more-facts = Mer för brevet
field-form = Brevets form
field-form-auto = Som bevisen säger
field-form-operator = Adressens operatör
field-form-pool = Avsändare på en delad pool
field-form-host = Värd för många domäner, eller vidaresändare
field-pool = De delade adressernas operatör
field-ip_note = Om adresserna
field-ip_note-hint = Till exempel: dedicated to this domain since 2023-05
field-explained = Varför en kontroll får fallera
field-explained-hint = Vad som förklarar det som kontrollen fann
field-follow_up = Uppföljning av brevet från
field-follow_up-hint = 2026-10-05, eller 2026-10-05T10:00:00Z; bara det som är nytt skrivs
field-thread = Dess Message-ID
field-overrule = Skicka det ändå, eftersom
field-overrule-hint = Hamnar i journalen, inte i brevet
report-facts = Kundens rapport
field-language = Rapportens språk
field-brand = Namn överst
field-brand-hint = Ditt företags namn
field-colour = Färg
field-colour-hint = Till exempel #1d4f6e
field-logo = Logotyp
field-logo-hint = En PNG-, JPEG- eller SVG-fil, med sin sökväg
field-author = Författare
field-version = Version
field-approval = Godkänd av
field-approval_date = Godkänd den
field-approval_date-hint = Till exempel 05-OCT-2026
field-review_date = Ses över den
field-phone = Telefon
field-mail = E-post för frågor
field-chat = Chatt
doors-title = Brev till andra dörrar
doors-lead = Vad dessa frågar efter, färdigt att klistra in. Vart och ett går till någon annan än Apple.
copy-door = Kopiera
save-pdf = Kundens rapport (PDF)
save-xlsx = Försök (XLSX)
save-bundle = Bevispaket (ZIP)
save-note = Ärendeanteckning
save-markdown = Ärendeanteckning (Markdown)
save-handover = Överlämning till kunden
open-pdf = Öppna rapporten
open-mail = Öppna i e-postprogrammet
opened-link = E-postprogrammet öppnas med brevet i.
opened-draft = Brevet är för långt för en länk. Utkastet öppnas i stället.
send-open = Skicka, eller lägg bland utkast …
send-title = Detta går ut
send-lead = Exakt detta, och inget annat. Inget lämnar datorn innan du trycker på en knapp nedan.
send-to = Till
send-known-sent = Just detta utkast har redan skickats.
send-known-unknown = Ingen vet om just detta utkast gick ut. Leta först efter dess Message-ID i serverns logg eller bland skickat.
send-again = Skicka det ändå en gång till
send-message_id = Message-ID
account = Konto
account-server = Server
account-server-hint = VÄRD eller VÄRD:PORT, för sändning (SMTP) eller för utkast (IMAP)
account-security = Skydd
account-user = Inloggning
account-secret = Lösenord eller token
account-secret-hint = Tomt: systemets nyckelring tillfrågas
account-token = Det är en OAuth 2-token
account-remember = Behåll det i systemets nyckelring
send-now = Skicka
send-declare = Skickat på annat sätt
declared = Antecknat: ett brev om dessa adresser är öppet.
send-file = Lägg bland utkast
handing = Lämnar över …
handed-sent = Skickat. Servern säger: { $said }
handed-filed = Utkastet ligger i { $said }.
handed-failed = Det gick inte ut: { $said }
handed-unknown = Okänt: { $said }
error-unsendable = Brevet kan inte skickas än: { $text }
error-sent_before = { $text }
error-account = { $text }
error-imap = { $text }
error-journal = { $text }
error-open = { $text }
error-report = { $text }
error-logo = { $text }
error-colour = { $text }
candidates = Kandidater
candidate-other_reply = nämnd av { $by } i { $times } avvisningar av samma domän
candidate-configuration = nämnd i en konfiguration: { $by }
candidate-received = en studs kom därifrån
candidate-name = DNS anger den för { $by }
look-up = Slå upp serverns namn i DNS
look-up-why = Frågar din namnserver efter adresserna till namnen i loggen. De är kandidater: posten behöver inte lämna från dem.
sending-pool = hör till { $pool }: delad med andra, inte er egen
sending-ask = Skicka ett brev till en brevlåda någon annanstans: den översta Received-raden visar adressen som det lämnar från. Finns det en väg ut, eller flera?
sending-relay = Konfigurationen lämnar post till { $hosts }: då är det den serverns adress.
problem-aside_configuration = En konfiguration. Adresserna i den är kandidater; inget annat av den sparas.
problem-aside_dmarc_report = En DMARC-rapport. Selektorerna i den kontrolleras; inget annat av den sparas.
problem-aside_bare_queue = { $times } meddelanden ligger i en kö som inte säger varför. Ta loggen, eller exim -Mvl för ett meddelande.
remark-hole = Mellan { $name } och { $contact } UTC ({ $a } timmar) innehåller källorna ingenting. Lägg till den roterade logg som saknas: den kan innehålla den första avvisningen.
remark-apart = { $name } går { $a } minuter före { $contact } för samma post. En klocka eller tidszon är fel: rätta tidszonen, eller säg i brevet vems tid det är.
problem-overlap = { $times } av dess försök finns även i en annan källa. De räknas en gång.
attach = Bifoga till utkastet (Apple läser inga bilagor)
