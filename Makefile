# Thin aliases of dev.py, for hands that type make. `python3 dev.py` lists what each does.
.PHONY: run test setup check services-test prove bench lock messages
run test setup check services-test prove bench lock messages:
	@python3 dev.py $@
