"""GraphQL over HTTP: endpoint.py orders the steps, and each module beside it does one of them.

request_body, parameters and negotiation read the request; documents, document_stats, literals and cost check the
document; admission, execution and compiler/ run it; error_masking, request_errors and response build the response.
"""
