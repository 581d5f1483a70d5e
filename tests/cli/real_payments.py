"""Real outputs, transactions and an address in the sample's blocks (sample/SOURCES.md).

The demonstration reads these too, so nothing here needs what tests are run with.
"""

FIRST_COINS = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"
FIRST_PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
LONG_CHAIN = "20553f193186d7c0a8f13c6214cf90958a1291c8546c71a802c5101d7cde213f"
LISTED_PAYMENT = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad:0"
PAID_ADDRESS = "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"
