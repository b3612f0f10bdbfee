-- Lists the pairs of sessions that are not to be suggested as one series.
SELECT first_session_id, second_session_id FROM series_dismissal ORDER BY first_session_id, second_session_id
