import sys

import verify

sys.exit(verify.main(sys.argv[1:]))
