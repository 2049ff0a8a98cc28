# De woorden van het venster. Teksten van regels (betekenis, advies, bronnen) zijn kennis en blijven Engels.

-app = Reprieve

# De balk
add-files = Bestanden toevoegen
add-folder = Map toevoegen
paste-text = Tekst plakken
remove-source = { $name } verwijderen
language = Taal
theme = Weergave
theme-system = Zoals het systeem
theme-light = Licht
theme-dark = Donker

# Voordat er iets is gelezen
empty-title = Sleep uw maillog hierheen
empty-lead = Bestanden, mappen, geroteerde logs en archieven, zoals ze zijn. Of plak de regels.
empty-privacy = Niets verlaat deze computer tenzij u erom vraagt.
empty-where = Waar staat het log?
empty-where-files = Op de mailserver, als root: /var/log/mail.log en de geroteerde bestanden, ook als .gz
empty-where-journal = Zonder bestand: journalctl -u 'postfix*' -o json > mail.json
empty-where-back = Neem het log vanaf een week voor de eerste weigering, zodat het begin te zien is.
copy-request = Kopieer een mail die erom vraagt
drop-here = Laat los om te lezen

# Lezen
reading = Bezig met lezen
reading-rate = { $done } van { $total } · { $rate } per seconde · nog { $left }
reading-begun = { $done } van { $total }
stop = Stoppen
stopped = Gestopt: wat tot dan gelezen is, wordt getoond.
read-in = { $lines } regels in { $seconds } s
paste-title = Logregels plakken
paste-label = Logregels
paste-read = Lezen
cancel = Annuleren
close = Sluiten
pasted = Geplakte tekst { $number }

# Oordeel
verdict = Oordeel
verdict-provider = { $who } weigert uw mail zelf, en alleen { $who } kan dat opheffen.
verdict-list_owner = { $who } heeft uw adres op een lijst, en iCloud past die toe. Vraag { $who }, niet Apple.
verdict-sender = De weigeringen noemen een fout aan de verzendende kant. Herstel die voordat u iemand vraagt.
verdict-recipient = De weigeringen gaan over losse ontvangers. Er is niets geblokkeerd.
verdict-relay = Een server ertussen weigert of verminkt de mail. De beheerder daarvan moet handelen.
verdict-developer_programme = De mail gaat naar adressen van Verberg mijn e-mail. De afzender moet bij Apples ontwikkelaarsprogramma staan.
verdict-outage = Alles werd enkele uren geweigerd en daarna weer aangenomen: een storing bij iCloud, geen blokkade.
verdict-forwarding = Het meeste dat geweigerd werd, was voor anderen doorgestuurd. Het doorsturen moet eerst veranderen; dan pas helpt een brief.
verdict-wait = iCloud stelt mail nu uit. Het gaat vanzelf over als u langzamer verzendt.
verdict-unknown = iCloud weigert mail met een antwoord dat geen regel kent.
verdict-nothing = Er is geen mail naar iCloud gevonden in deze bronnen.
verdict-foreign = Deze bounces zijn van mail die nooit langs uw servers ging: iemand vervalst uw adressen.
verdict-clear = iCloud weigerde niets in deze bronnen.
next = Volgende stap
next-provider = Vul hieronder de gegevens in en stuur de brief naar { $contact }.
next-list_owner = Zoek het adres op en vraag om verwijdering: { $contact }
next-sender = Open hieronder de bevinding en doe wat er staat.
next-recipient = Verbeter of verwijder de adressen; een brief is niet nodig.
next-relay = Stuur de regels naar wie de server ertussen beheert.
next-developer_programme = Registreer het domein en het retouradres: { $contact }
next-outage = Verstuur wat geweigerd is opnieuw. Een brief is niet nodig.
next-forwarding = Filter vóór het doorsturen, herschrijf de afzender (SRS), of laat mensen hun mail ophalen.
next-wait = Laat de wachtrij haar eigen schema volgen. Schrijf pas als het langer dan een dag duurt.
next-unknown = Citeer het antwoord zoals het is en vraag Apple. Raad niet wat het betekent.
next-nothing = Voeg het log toe van de server die naar het internet verzendt, of een ouder log.
next-foreign = Schrijf geen brief. Publiceer SPF, DKIM en DMARC, zodat vervalsingen als zodanig geweigerd worden.
next-clear = Ontbreekt er toch mail, zoek dan in de map Ongewenst van de ontvanger.
door = Wiens deur
door-provider = de ontvangende partij
door-list_owner = de eigenaar van een lijst
door-sender = de afzender
door-recipient = de ontvanger
door-relay = de beheerder van een tussenserver
door-developer_programme = Apples ontwikkelaarsprogramma
door-outage = niemand: een storing
door-wait = niemand: het gaat over
door-unknown = onbekend
door-none = niemand
sure = Hoe zeker
confidence-high = zeker
confidence-medium = vrij zeker
confidence-low = afgeleid: niet door de ontvanger gedocumenteerd
basis-of-follows = Wat het volgt
follows-ip = De blokkade volgt het verzendende adres.
follows-domain = De blokkade volgt het domein van de afzender.
follows-stream = De blokkade volgt één soort mail.
follows-message = Losse berichten worden geweigerd, niet alles.
follows-undecided = Met één adres of één domein is niet te zien of de blokkade het adres of het domein volgt.
why-no_block = Er is geen blokkade.
why-split = Geweigerd: { $red }. De andere niet.
why-named = De antwoorden noemen het adres.
why-every_domain = Elk afzenderdomein wordt evenzeer geweigerd.
why-scattered = De weigeringen zijn verspreid over afzenders.
why-alone = Het bewijs bevat maar één adres of één domein.
matrix-lead = Geweigerd van geprobeerd, sinds de eerste weigering. Elke cel opent haar regels.
column-sender = Afzender
cell = { $refused } van { $tried }
sender-null = geen afzender
sender-unknown = afzender niet gelogd
ip-unknown = adres niet gelogd
stream-person = mensen
stream-script = programma's
stream-list = lijsten
stream-forwarded = doorgestuurd
stream-null_sender = geen afzender
stream-mail = mail
conduct = Vóór de eerste weigering
conduct-lead = { $messages } berichten aan { $recipients } ontvangers bij iCloud in de { $hours } uur ervoor, { $unknown } aan niemand.
conduct-week = In de { $weekhours } uur daarvoor: { $week } berichten.
column-hours-before = 72 uur ervoor
column-week-before = week ervoor
talker-login = login
talker-script = programmagebruiker
talker-null_sender = bounces, afwezigheidsberichten
talker-sender = afzender
talker-domain = domein
talker-suspect = valt op
figure-refused = berichten geweigerd sinds het begin
figure-tried = geprobeerd
figure-delivered = pogingen aangenomen
figure-deferred = pogingen uitgesteld
figure-rejected = pogingen geweigerd

# Deuren, en wat het bewijs aantoont
doors = De deuren van deze zaak, naar aandeel van de berichten
before = Voordat u schrijft
remark-suspect_login = De login { $name } valt op: { $a } van { $b } berichten aan iCloud in de 72 uur vóór de eerste weigering, { $c } in de week ervoor, { $d } daarvan aan niemand. Kijk daar eerst: is het wachtwoord gestolen, of is het een mailing?
remark-suspect_script = De programmagebruiker { $name } valt op: { $a } van { $b } berichten aan iCloud in de 72 uur vóór de eerste weigering, { $c } in de week ervoor, { $d } daarvan aan niemand. Zoek een misbruikt webformulier of script.
remark-suspect_null_sender = Mail zonder afzender valt op: { $a } van { $b } berichten aan iCloud in de 72 uur vóór de eerste weigering, { $c } in de week ervoor. Zoek naar bounces aan vervalste adressen en naar afwezigheidsberichten.
remark-suspect_sender = De afzender { $name } valt op: { $a } van { $b } berichten aan iCloud in de 72 uur vóór de eerste weigering, { $c } in de week ervoor, { $d } daarvan aan niemand. Kijk daar eerst: is een account gestolen, of is het een mailing?
remark-unknown_users = { $a } van { $b } berichten in de 72 uur vóór de eerste weigering gingen naar ontvangers die niet bestaan. Verwijder die adressen, en kijk waar ze vandaan komen.
remark-forwarding = { $a } van { $b } geweigerde berichten waren voor anderen doorgestuurd. Filter vóór het doorsturen, herschrijf de afzender (SRS), of laat mensen hun mail ophalen.
remark-own_spam = Zulke antwoorden zijn meestal het spoor van spam vanaf het adres. Vind de bron en stop die, of schrijf wat u hebt nagekeken en niet gevonden.
remark-first_list_owner = { $a } berichten zijn geweigerd omdat { $name } het adres vermeldt. Vraag eerst daar: { $contact }
remark-first_sender = { $a } berichten wijzen op een fout aan de verzendende kant. Herstel die eerst; de bevinding zegt hoe.
remark-relays = { $a } van { $b } pogingen gingen via { $name }, niet naar iCloud zelf. Het adres van die server wordt beoordeeld, en de beheerder ervan moet handelen.
remark-control = In dezelfde kwartieren zijn { $a } van { $b } pogingen bij andere ontvangers geaccepteerd; { $percent } % is geweigerd.
remark-alike = Vanaf één adres zien een blokkade en een storing er hetzelfde uit. Bekijk de systeemstatus van Apple; wordt mail na 6 uur nog geweigerd, schrijf dan.
remark-short = Het bewijs begint { $a } uur vóór de eerste weigering. Tien dagen zouden laten zien of iemands mail daarvoor sterk toenam.
remark-junk = Alles is geaccepteerd. Mist een ontvanger mail, dan ligt die misschien bij Ongewenst: vraag die te markeren als gewenst. Een brief helpt daar niet.
remark-foreign = { $a } bounces zijn van mail die nooit langs uw servers ging.

# Bevindingen
findings = Bevindingen
findings-lead = Elke rij is één soort antwoord.
findings-none = Er is geen weigering gevonden.
column-reply = Antwoord
column-messages = Berichten
column-attempts = Pogingen
column-first = Eerste
column-last = Nieuwste
details = Details van { $reply }
no-rule = Geen regel kent dit antwoord. Citeer het zoals het is.
advice = Wat te doen
known-from = Bekend uit
copy-reply = Antwoord kopiëren
show-lines = { $count ->
    [one] { $count } regel tonen
   *[other] { $count } regels tonen
}

# Tijdlijn
timeline = Tijdlijn
timeline-lead = Pogingen per uur, in UTC. Andere ontvangers in dezelfde uren staan vaag erachter.
timeline-none = De tijdstempels waren niet te lezen, dus er is geen tijdlijn.
timeline-summary = Van { $from } tot { $to }: { $delivered } aangenomen, { $deferred } uitgesteld, { $rejected } geweigerd.
timeline-started = eerst geweigerd
legend-rejected = geweigerd
legend-deferred = uitgesteld
legend-delivered = aangenomen
legend-control = andere ontvangers, aangenomen
timeline-table = Hetzelfde als tabel
column-hour = Uur (UTC)
column-control = Anderen aangenomen
column-control-failed = Anderen mislukt

# Verzendende adressen
sending = Verzendende adressen
sending-lead = De adressen die Apple moet opzoeken. Alleen eigen en openbare horen in de brief.
sending-none = Het log noemt het verzendende adres niet. Voeg het openbare adres van uw mailserver toe.
sending-add = Adres toevoegen
sending-add-button = Toevoegen
sending-remove = { $ip } verwijderen
sending-bad = Dit is geen IP-adres.
sending-attempts = { $count ->
    [one] { $count } poging
   *[other] { $count } pogingen
}
basis-given = door u opgegeven
basis-field = gelogd door de verzendende server
basis-provider_reply = genoemd in antwoorden van de ontvanger
basis-instance_name = genoemd door de verzendende instantie
sending-confirm = Het is van ons

# Aannames
assumptions = Aannames
assumptions-lead = Wat het log niet zegt. Een verbetering geldt meteen; er wordt niets opnieuw gelezen.
assumption-tz = Tijdzone van de stempels
assumption-year = Jaar van de nieuwste stempel
assumption-stated = staat in het log
assumption-assumed = aangenomen
assumption-given = door u bevestigd
assumption-confirm = Dat klopt
assumption-bad-tz = Dit is geen tijdzone. Schrijf die als Europe/Amsterdam.
assumption-outage = De systeemstatus van Apple toont op dat moment een storing

# De authenticatiecontrole
check = Is het huis van de afzender zelf op orde?
check-lead = SPF, DKIM-sleutels, DMARC en namen, zoals een ontvanger ze ziet. Dit vraagt het aan uw naamserver; verder verlaat niets deze computer.
check-now = Nu controleren
checking = Bezig met vragen …
checked-at = { $domain }, gevraagd aan { $servers }
check-clean = Niets is fout dat aan DNS te vragen is.
check-remedy = Wat te doen:
check-asked-by = gevraagd door { $who }
check-all = { $count } op orde
check-use = Gebruik in de brief
check-again = Opnieuw vragen
check-walk = De weg door de SPF-records
check-mail = Een verzonden bericht toevoegen …
check-mail-why = Een verzonden bericht, met broncode bewaard, laat zien of de DKIM-handtekeningen kloppen.
check-lookups = { $count } van 10 opvragingen
check-ttl = mag { $seconds } s bewaard worden
severity-blocker = post wordt hierom geweigerd
severity-high = weegt zwaar
severity-medium = telt mee
severity-low = telt weinig mee
severity-info = goed om te weten
check-apple = Apple vraagt erom
remedy-replaces = In plaats van
remedy-zone = In een zonebestand
remedy-form = In een webformulier: naam, type, waarde
remedy-breaks = Wat kan er stukgaan:
remedy-verify = Daarna:
check-own = De verzendadressen zijn van onszelf en vast.
check-own-why = Alleen dan worden ze in een record geschreven.
advice-while = Tot het antwoord komt, en daarna
meanwhile = Tot het is opgelost
meanwhile-resend = Verstuur niet opnieuw wat met 5xx is geweigerd.
meanwhile-flush = Leeg de wachtrij niet: wat is uitgesteld (4xx) wordt volgens schema opnieuw geprobeerd.
meanwhile-change = Wijzig adres, PTR, EHLO noch domein zolang de zaak open is, tenzij een controle hierboven faalde.
meanwhile-bulk = Pauzeer nieuwsbrieven en andere post aan velen.
meanwhile-urgent = Verstuur dringende post via een dienst die voor het domein mag versturen (SPF, DKIM) en waarmee de ontvangers instemden; of bel.
afterwards = Als de post weer aankomt
afterwards-few = Het is voorbij als binnen 24 uur ten minste 20 berichten van de geweigerde soort zijn aangenomen. Minder zegt te weinig: een gepauzeerde wachtrij toont ook geen weigeringen.
afterwards-suppressed = Neem alleen ontvangers weer op die uitsluitend door deze blokkade zijn gestopt en die in de 90 dagen ervoor post aannamen (250).
afterwards-never = Nooit wie zich afmeldde, klaagde of niet bestaat (5.1.1).
afterwards-steps = Telkens een tiende; kijk na elke stap in het log.
trials = Uit te proberen
statements = Wat alleen de afzender kan zeggen
declared-lead = Geen log toont het. Wat wordt beantwoord komt in het rapport, en bij post aan velen in één regel in de brief, als opgegeven door de afzender.
declared-bulk = gevraagd aan wie aan velen verstuurt
declared-by = Wie het opgeeft
status-fail = fout
status-warning = kan beter
status-unknown = kon niet vragen
status-pass = op orde
status-not_applicable = niet van toepassing

# Gegevens
facts = Gegevens voor de brief
facts-lead = Wat alleen u weet. Apple handelt bij een genoemde oorzaak die voorbij is.
field-company = Bedrijf
field-company-hint = Van wie de mail is
field-domain = E-maildomein
field-from = Van
field-from-hint = Naam <adres> van iemand die antwoorden leest
field-cc = Kopie aan
field-cc-hint = Adressen, gescheiden door komma's
field-operator = Beheerder
field-operator-hint = Wie de mailserver beheert, als dat niet het bedrijf is
field-authority = Bevoegdheid
field-authority-hint = Bijvoorbeeld: write with its authority
field-mail_kind = Soort mail
field-mail_kind-hint = Wat er verzonden wordt, hoeveel per dag, eventuele nieuwsbrieven
field-cause = Oorzaak
field-cause-hint = Wat het veroorzaakte, of wat u zonder resultaat hebt nagegaan
field-fixed = Verholpen
field-fixed-hint = Wat er gestopt of veranderd is, en wanneer
field-checked = Gecontroleerd
field-checked-hint = SPF, DKIM, DMARC, PTR, lijsten: wat er gecontroleerd is, en wanneer
field-started = Begonnen
field-started-hint = Alleen als het vóór het log begon
field-reference = Uw kenmerk
field-bad-address = Dit is nog geen adres: schrijf Naam <adres>.

# Brief
letter = Brief
letter-ready = Compleet. Lees hem nog een keer en verstuur hem dan.
letter-not-ready = Nog niet klaar
letter-to = Aan
letter-subject = Onderwerp
letter-body = Tekst
copy-to = Aan kopiëren
copy-subject = Onderwerp kopiëren
copy-body = Tekst kopiëren
copied = Gekopieerd
copy-failed = Het klembord weigerde. Selecteer de tekst en kopieer met de hand.
letter-redact = Lokale delen van ontvangers vervangen
missing = Wat nog ontbreekt
missing-fact = { $field } is een van Apples vijf punten
missing-fill = { $field } is leeg in de brief
missing-confirm = { $field } is aangenomen: bevestig het
missing-errors = Een weigering die Apple kan opheffen. Die is er niet in deze bronnen.
topic-ip = Verzendend adres
topic-tz = Tijdzone
topic-until_year = Jaar
topic-started = Het begin
notes = Voor u verzendt
note-long = De brief heeft { $lines } regels en { $characters } tekens. Blijf onder 45 en 3.500.
note-from = Schrijf vanaf een persoonlijk adres op het eigen domein van beheerder of afzender.
note-other_door = { $count ->
    [one] { $count } weigering hoort bij een andere deur en wordt niet geciteerd.
   *[other] { $count } weigeringen horen bij een andere deur en worden niet geciteerd.
}
note-not_public = Een adres dat niet openbaar is, is weggelaten.
save = Opslaan
save-eml = E-mailconcept (.eml)
save-text = Tekst
save-json = Bewijs (JSON)
save-csv = Pogingen (CSV)
saved = Opgeslagen: { $path }

# Regels
lines-title = Regels
lines-count = { $count ->
    [one] { $count } regel
   *[other] { $count } regels
}
lines-none = Achter dit getal staat geen regel van het log.
lines-again = De bronnen worden opnieuw gelezen …
lines-more = Meer tonen
column-time = Tijd (UTC)
column-line = Regel
column-from-to = Van, aan
column-said = Antwoord
line-open = Regel { $line } van { $source } openen
line-neighbours = Hetzelfde bericht in de buurt, zoals het log het heeft
line-attempts = { $count ->
    [one] { $count } poging van dit bericht
   *[other] { $count } pogingen van dit bericht
}
copy-lines = Als citaat kopiëren
back = Terug naar de lijst

# Bronnen en problemen
sources = Bronnen
source-summary = { $lines } regels, { $attempts } pogingen
source-not-understood = { $count } regels niet begrepen
problem-empty = Het is leeg. Controleer of het het juiste bestand is en of loggen aanstaat.
problem-no_mail_log = Geen regel van een bekend maillog. Neem /var/log/mail.log, of journalctl -o json.
problem-not_understood = { $times } regels waren niet te lezen, de eerste is regel { $line }: { $what }
problem-unopened = Het kon niet geopend worden: { $what }
problem-unreadable = Het kon niet tot het einde gelezen worden: { $what } Wat ervoor kwam is gelezen.
problem-internal = Het lezen mislukte: een fout van Reprieve. De rest is gelezen.
problem-archive = Het kon niet gelezen worden: { $what }. Pak het zelf uit en sleep wat erin zit hierheen.
problem-copy = Een andere bron bevat hetzelfde ({ $what }): één keer geteld.
problem-aside_auto_reply = { $times } automatische antwoorden, geen bounces.
problem-aside_abuse_report = { $times } misbruikmeldingen van ontvangers, geen bounces. Kijk wat er gemeld is: klachten leiden tot blokkades.
problem-aside_delay = { $times } berichten die alleen laat zijn. Neem de bounce die komt als de server opgeeft, of zijn log.
problem-aside_success = { $times } berichten die zijn bezorgd of doorgegeven.
problem-aside_foreign = { $times } bounces van mail die nooit langs uw servers ging: iemand vervalst uw adressen.
problem-aside_by_provider = { $times } bounces van Apple zelf over een server van iemand anders.
problem-aside_again = { $times } bounces die een andere bron al bevat: één keer geteld.
problem-aside_logged = { $times } bounces van pogingen die een log al bevat: één keer geteld.
problem-aside_no_bounce = { $times } gewone mails, geen bounces. Neem de mail die zegt dat er niet bezorgd kon worden, als .eml.

# Fouten
error-nothing_read = Er is nog niets gelezen. Sleep eerst een log hierheen.
error-zone = Dit is geen tijdzone. Schrijf die als Europe/Amsterdam.
error-draft = Het concept kon niet gemaakt worden. Controleer de adressen.
error-lines = De regel kon niet opnieuw gehaald worden. Zet het bestand terug, of lees het opnieuw.
error-write = Het bestand kon niet geschreven worden. Kies een andere map.
error-other = Er ging iets mis: { $text }

# Vormen van de brief, wat in de weg staat, andere deuren
letter-redact-lifted = Ontvangers staan leesbaar in wat u nu bewaart of verzendt. Zet het verbergen weer aan, tenzij ze hebben ingestemd.
letter-overruled = Gaat toch uit, zoals u hieronder zegt.
letter-form-operator = Vorm: de beheerder van het adres
letter-form-pool = Vorm: een afzender op een gedeelde pool van adressen
letter-form-host = Vorm: een host van veel domeinen, of een doorstuurder
obstacle-outage = De weigeringen lijken op een storing bij Apple die voorbijgaat. Wacht, en sleep nieuwere logs hierheen.
obstacle-old = Het nieuwste geciteerde antwoord is ouder dan een dag. Sleep de log van vandaag hierheen.
obstacle-blockers = De controle vond iets waardoor mail geweigerd wordt. Herstel het, of leg het uit.
obstacle-pool = Zeg wie de gedeelde adressen beheert.
obstacle-open = Er ging een brief over dit adres uit en die is niet afgehandeld. Schrijf een vervolg.
obstacle-patience = Er zijn nog geen drie dagen voorbij sinds de laatste brief. Wacht.
obstacle-nothing_new = Sinds de laatste brief is niets geweigerd. Er valt niets te schrijven.
note-clear = Ontvangers staan leesbaar.
note-domains = { $count } afzenderdomeinen werden geweigerd. Noem het domein waar het om gaat, of schrijf als hun host.
note-intake = Het adres lijkt op een ticketpostbus. Laat een persoon schrijven, en laat antwoorden van apple.com door uw filter.
note-both = Laat het de klant met een kopie weten, zodat u niet allebei schrijft.
note-untimed = { $count } geciteerde antwoorden hebben geen tijd. De ontvanger kan ze nauwelijks vinden.
note-story = Een antwoord heeft { $count } tekens. Wat er gebeurde en wanneer is genoeg.
note-wish = Geen toelatingslijst, geen haast, geen dreigementen: zo'n lijst bestaat niet, en lezers haken af.
note-others = Laat andere ontvangers erbuiten.
note-attachment = Er wordt niets bijgevoegd, en plaatjes worden niet gelezen. Zet de feiten in de tekst.
note-unfixed = Herstel het eerst en schrijf daarna: wat nog komt is geen herstel.
more-facts = Meer voor de brief
field-form = Vorm van de brief
field-form-auto = Zoals het bewijs zegt
field-form-operator = Beheerder van het adres
field-form-pool = Afzender op een gedeelde pool
field-form-host = Host van veel domeinen, of doorstuurder
field-pool = Beheerder van de gedeelde adressen
field-ip_note = Over de adressen
field-ip_note-hint = Bijvoorbeeld: dedicated to this domain since 2023-05
field-explained = Waarom een controle mag falen
field-explained-hint = Wat verklaart wat de controle vond
field-follow_up = Vervolg op de brief van
field-follow_up-hint = 2026-10-05, of 2026-10-05T10:00:00Z; alleen wat nieuw is wordt geschreven
field-thread = De Message-ID ervan
field-overrule = Toch verzenden, omdat
field-overrule-hint = Komt in het journaal, niet in de brief
report-facts = Het rapport voor de klant
field-language = Taal van het rapport
field-brand = Naam bovenaan
field-brand-hint = De naam van uw bedrijf
field-colour = Kleur
field-colour-hint = Bijvoorbeeld #1d4f6e
field-logo = Logo
field-logo-hint = Een PNG-, JPEG- of SVG-bestand, met zijn pad
field-author = Auteur
field-version = Versie
field-approval = Goedgekeurd door
field-approval_date = Goedgekeurd op
field-approval_date-hint = Bijvoorbeeld 05-OCT-2026
field-review_date = Herzien op
field-phone = Telefoon
field-mail = E-mail voor vragen
field-chat = Chat
doors-title = Brieven voor andere deuren
doors-lead = Wat deze vragen, klaar om te plakken. Elk gaat naar iemand anders dan Apple.
copy-door = Kopiëren
save-pdf = Rapport voor de klant (PDF)
save-xlsx = Pogingen (XLSX)
save-bundle = Bewijspakket (ZIP)
save-note = Zaaknotitie
save-markdown = Zaaknotitie (Markdown)
save-handover = Overdracht aan de klant
open-pdf = Rapport openen
open-mail = Openen in het mailprogramma
opened-link = Het mailprogramma opent met de brief erin.
opened-draft = De brief is te lang voor een link. Het concept opent in plaats daarvan.
send-open = Verzenden, of bij Concepten zetten …
send-title = Dit gaat uit
send-lead = Precies dit, en niets anders. Niets verlaat de computer voordat u hieronder op een knop drukt.
send-to = Aan
send-known-sent = Precies dit concept is al verzonden.
send-known-unknown = Niemand weet of precies dit concept is uitgegaan. Zoek eerst de Message-ID in de log van de server of bij Verzonden.
send-again = Toch nogmaals verzenden
send-message_id = Message-ID
account = Account
account-server = Server
account-server-hint = HOST of HOST:POORT, om te verzenden (SMTP) of voor Concepten (IMAP)
account-security = Bescherming
account-user = Login
account-secret = Wachtwoord of token
account-secret-hint = Leeg: de sleutelbos van het systeem wordt gevraagd
account-token = Het is een OAuth 2-token
account-remember = In de sleutelbos van het systeem bewaren
send-now = Verzenden
send-declare = Anders verzonden
declared = Genoteerd: er staat een brief over deze adressen open.
send-file = Bij Concepten zetten
handing = Bezig met overdragen …
handed-sent = Verzonden. De server zegt: { $said }
handed-filed = Het concept staat in { $said }.
handed-failed = Het is niet uitgegaan: { $said }
handed-unknown = Onbekend: { $said }
error-unsendable = De brief kan nog niet verzonden worden: { $text }
error-sent_before = { $text }
error-account = { $text }
error-imap = { $text }
error-journal = { $text }
error-open = { $text }
error-report = { $text }
error-logo = { $text }
error-colour = { $text }
candidates = Kandidaten
candidate-other_reply = genoemd door { $by } in { $times } weigeringen van hetzelfde domein
candidate-configuration = genoemd in een configuratie: { $by }
candidate-received = een bounce kwam ervandaan
candidate-name = DNS geeft het voor { $by }
look-up = Zoek de namen van de server op in DNS
look-up-why = Vraagt uw naamserver naar de adressen van de namen in het log. Het zijn kandidaten: de post hoeft er niet vandaan te komen.
sending-pool = van { $pool }: gedeeld met anderen, niet van uzelf
sending-ask = Stuur één mail naar een mailbox elders: de bovenste Received-regel toont het adres waarvan hij vertrekt. Is er één uitgang, of zijn er meer?
sending-relay = De configuratie geeft mail aan { $hosts }: dan is het het adres van die server.
problem-aside_configuration = Een configuratie. De adressen erin zijn kandidaten; verder wordt er niets van bewaard.
problem-aside_dmarc_report = Een DMARC-rapport. De selectors erin worden gecontroleerd; verder wordt er niets van bewaard.
problem-aside_bare_queue = { $times } berichten liggen in een wachtrij die niet zegt waarom. Neem de log, of exim -Mvl van één bericht.
remark-hole = Tussen { $name } en { $contact } UTC ({ $a } uur) bevatten de bronnen niets. Voeg de geroteerde log toe die ontbreekt: die kan de eerste weigering bevatten.
remark-apart = { $name } loopt { $a } minuten voor op { $contact } voor dezelfde mail. Een klok of tijdzone is fout: corrigeer de tijdzone, of zeg in de brief wiens tijd het is.
problem-overlap = { $times } van de pogingen staan ook in een andere bron. Ze tellen één keer.
attach = Bij het concept voegen (Apple leest geen bijlagen)
