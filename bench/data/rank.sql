-- The n-th of the ranks that domain/rank.py spreads: heads a, b, c … with one, two, three … digits in base 62.
CREATE OR REPLACE FUNCTION pg_temp.rank_of(n bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    digits text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    width int := 1;
    room bigint := 62;
    written text := '';
BEGIN
    WHILE n >= room LOOP
        n := n - room;
        width := width + 1;
        room := room * 62;
    END LOOP;
    FOR _ IN 1 .. width LOOP
        written := substr(digits, (n % 62)::int + 1, 1) || written;
        n := n / 62;
    END LOOP;
    RETURN chr(ascii('a') + width - 1) || written;
END
$body$
