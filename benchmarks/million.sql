-- Every choice is a hash of the row's number, so it is the same each time. A session holds what one of its kind would hold after its
-- life: nobody who was not seen has a name, nobody who did not open the link a device, and only what is younger than its link may
-- still be open. pick(n, salt, m) and the tables script and name come from benchmarks/million.py.
INSERT INTO sessions_app_verificationsession (
    company_id, public_id, token_hash, token_sealed, handle,
    reference, market, language, return_url, expected_first_name, expected_last_name,
    extra_values,
    max_retries, created_at, expires_at, opened_at, last_activity_at,
    closed_at, outcome, reasons, forced_retries,
    result_attempt, consented_at, consent_version, consent_language, extra_filled_at,
    chosen_country, chosen_document, document_kind, issuing_state,
    first_name, last_name, personal_number, document_number,
    birth_date, nationality, sex, expiry_date,
    document_presented, document_valid, liveness_passed, match_level,
    digital_spoof, not_full_id, low_far, decided_by_hand, judged_checks, failed_checks, unclear_checks, search_text,
    client_ip, device, browser, os, device_model)
WITH born AS (
    SELECT n, pg_temp.pick(n, 1, 1000) AS fate,
        %(now)s - %(span)s + %(span)s * (n::float8 / %(rows)s) - interval '1 minute' AS created_at,
        (array['GEO', 'GEO', 'GEO', 'ESP', 'DEU', 'TUR', 'UKR', 'GRC', 'ARM', 'USA'])[1 + pg_temp.pick(n, 2, 10)] AS market
    FROM generate_series(1, %(rows)s::bigint) AS n
), fated AS (
    SELECT *, CASE
            WHEN fate < 170 AND %(now)s - created_at < interval '7 days' THEN 'PENDING'
            WHEN fate < 60 THEN 'EXPIRED'
            WHEN fate < 70 THEN 'CANCELLED'
            WHEN fate < 170 THEN 'ABANDONED'
            WHEN fate < 300 THEN 'DECLINE'
            WHEN fate < 330 AND %(now)s - created_at < interval '20 days' THEN 'REVIEW'
            ELSE 'APPROVE'
        END AS outcome
    FROM born
), lived AS (
    SELECT *, outcome <> 'EXPIRED' AND fate >= 30 AS opened,
        outcome IN ('APPROVE', 'REVIEW', 'DECLINE') AS checked,
        (outcome = 'APPROVE' AND fate < 330) OR (outcome = 'DECLINE' AND fate < 185) AS by_hand,
        1 + pg_temp.pick(n, 16, 8) / 6 AS attempts,
        (array['FACE_MATCH', 'FULL_DOCUMENT', 'LIVENESS', 'LIVENESS', 'MRZ', 'PHOTOCOPY', 'SCREEN_REPLAY'])[1 + pg_temp.pick(n, 25, 7)]
            AS failing,
        pg_temp.pick(n, 3, 100) < CASE outcome
            WHEN 'APPROVE' THEN 100 WHEN 'REVIEW' THEN 92 WHEN 'DECLINE' THEN 78 WHEN 'ABANDONED' THEN 20 ELSE 0 END AS identified,
        CASE WHEN pg_temp.pick(n, 4, 100) < 55 THEN 'PASSPORT' ELSE 'ID_CARD' END AS kind,
        CASE outcome
            WHEN 'APPROVE' THEN 4 + pg_temp.pick(n, 5, 4) WHEN 'REVIEW' THEN 2 + pg_temp.pick(n, 5, 3)
            WHEN 'DECLINE' THEN pg_temp.pick(n, 5, 8) END AS level,
        pg_temp.pick(n, 6, 10) AS client,
        lpad(mod(hashint8extended(n, 7) & 9223372036854775807, 100000000000)::text, 11, '0') AS personal,
        chr(65 + pg_temp.pick(n, 8, 26)) || chr(65 + pg_temp.pick(n, 9, 26)) || lpad(pg_temp.pick(n, 10, 10000000)::text, 7, '0') AS document
    FROM fated
), named AS (
    SELECT lived.*, first.written AS first_name, last.written AS last_name,
        concat(' ', first.words, ' ', last.words, ' ', personal, ' ', lower(document), ' ') AS searched
    FROM lived
    JOIN script ON script.percent = pg_temp.pick(n, 11, 100)
    JOIN name AS first ON (first.script, first.part, first.position) = (script.script, 0, pg_temp.pick(n, 12, script.firsts))
    JOIN name AS last ON (last.script, last.part, last.position) = (script.script, 1, pg_temp.pick(n, 13, script.lasts))
)
SELECT
    company.id, md5('p' || n)::uuid, md5('t' || n) || md5('u' || n), decode(repeat(md5('s' || n), 4), 'hex') || '\x0011223344556677',
        substr(md5('h' || n), 1, 16),
    CASE WHEN mod(n, 3) = 0 THEN 'ACC-' || lpad(n::text, 7, '0') ELSE '' END, market, CASE WHEN opened THEN 'en' ELSE '' END, '', '', '',
    CASE WHEN opened THEN jsonb_build_object(
        'phone', '+99555' || lpad(pg_temp.pick(n, 14, 10000000)::text, 7, '0'),
        'email', CASE WHEN mod(n, 2) = 0 THEN 'customer' || n || '@mail.example' ELSE '' END,
        'account', CASE WHEN mod(n, 5) = 0 THEN 'Business' ELSE 'Personal' END) ELSE '{}' END,
    5, created_at, created_at + interval '7 days', CASE WHEN opened THEN created_at + interval '3 minutes' END,
        CASE WHEN opened THEN created_at + interval '6 minutes' END,
    CASE WHEN outcome <> 'PENDING' THEN least(%(now)s, created_at + CASE WHEN checked THEN interval '7 minutes' ELSE interval '7 days' END) END,
        outcome, '{}', pg_temp.pick(n, 15, 4) / 2,
    CASE WHEN checked THEN attempts ELSE 0 END, CASE WHEN opened THEN created_at + interval '4 minutes' END,
        CASE WHEN opened THEN '1' ELSE '' END, CASE WHEN opened THEN 'en' ELSE '' END,
        CASE WHEN opened THEN created_at + interval '5 minutes' END,
    CASE WHEN opened THEN market ELSE '' END, CASE WHEN opened THEN kind ELSE '' END, CASE WHEN identified THEN kind ELSE '' END,
        CASE WHEN identified THEN market ELSE '' END,
    CASE WHEN identified THEN first_name ELSE '' END, CASE WHEN identified THEN last_name ELSE '' END,
        CASE WHEN identified THEN personal ELSE '' END, CASE WHEN identified THEN document ELSE '' END,
    CASE WHEN identified THEN date '1950-01-01' + pg_temp.pick(n, 17, 20000) END, CASE WHEN identified THEN market ELSE '' END,
        CASE WHEN NOT identified THEN '' WHEN pg_temp.pick(n, 18, 2) = 0 THEN 'F' ELSE 'M' END,
        CASE WHEN identified THEN date '2025-01-01' + pg_temp.pick(n, 19, 3600) END,
    CASE WHEN checked THEN true END, CASE WHEN checked THEN outcome = 'APPROVE' OR pg_temp.pick(n, 20, 3) = 0 END,
        CASE WHEN checked THEN outcome = 'APPROVE' OR pg_temp.pick(n, 21, 3) > 0 END, level,
    outcome = 'DECLINE' AND pg_temp.pick(n, 22, 100) < 18, outcome = 'DECLINE' AND pg_temp.pick(n, 23, 100) < 14, coalesce(level < 4, false),
        by_hand,
        CASE WHEN checked THEN array['DOCUMENT', 'DUPLICATE_FACE', 'EXPIRY', 'FACE_MATCH', 'FULL_DOCUMENT', 'LIVENESS', 'MRZ', 'PHOTOCOPY',
            CASE kind WHEN 'PASSPORT' THEN 'PRINT_AGREES' ELSE 'SIDES_AGREE' END, 'SCREEN_REPLAY'] ELSE '{}' END,
        CASE WHEN checked AND (attempts > 1 OR outcome = 'DECLINE' AND NOT by_hand) THEN array[failing] ELSE '{}' END,
        CASE WHEN checked AND attempts = 1 AND (outcome = 'REVIEW' OR by_hand) THEN array[failing] ELSE '{}' END,
        CASE WHEN identified THEN searched ELSE '' END,
    CASE WHEN opened THEN ('198.51.100.' || pg_temp.pick(n, 24, 250))::inet END,
        CASE WHEN NOT opened THEN '' WHEN client < 7 THEN 'Mobile' ELSE 'PC' END,
    CASE WHEN opened THEN (array['Chrome Mobile 142', 'Chrome Mobile 141', 'Mobile Safari 26.1', 'Mobile Safari 18.6', 'Chrome Mobile 140',
        'Mobile Safari 26.0', 'Samsung Internet 29', 'Chrome 142', 'Edge 142', 'Firefox 145'])[1 + client] ELSE '' END,
    CASE WHEN opened THEN (array['Android 16', 'Android 15', 'iOS 26.1', 'iOS 18.6', 'Android 14',
        'iPadOS 26.0', 'Android 16', 'Windows 11', 'Windows 11', 'Ubuntu'])[1 + client] ELSE '' END,
    CASE WHEN opened THEN (array['Pixel 9', 'SM-S921B', 'iPhone', 'iPhone', 'Redmi Note 13', 'iPad', 'SM-A556B', '', '', ''])[1 + client] ELSE '' END
FROM named
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM settings_app_company) AS company
    ON company.number = greatest(1, mod(n + n / 10 * 3, 10) - 4)
ORDER BY n
