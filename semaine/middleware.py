def only_utf8(get_response):
    """Read addresses and forms as UTF-8, whatever charset the request claims.

    Every browser sends UTF-8; a claim of another charset can only make text that the database cannot store.
    """

    def middleware(request):
        request.encoding = "utf-8"
        return get_response(request)

    return middleware
