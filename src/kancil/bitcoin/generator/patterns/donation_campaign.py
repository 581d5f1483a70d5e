"""Donation campaign: one published address takes small gifts for a long time and is emptied."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.generator.rows import OutputRole
from kancil.bitcoin.generator.stage import Coin, Stage


class DonationCampaign:
    """One address, used again for every gift; every few gifts the coins go to an exchange."""

    name = "donation-campaign"
    version = "1"
    source = "FATF, Crowdfunding for Terrorism Financing, 2023 (published addresses, small gifts)"
    least, most = 4, 60

    def play(self, stage: Stage) -> Iterator[int]:
        """Take gifts over the chain's length, collect now and then."""
        draw, owner = stage.draw, stage.actor("campaign")
        address, room = stage.address(owner, "donation"), stage.room
        coins: list[Coin] = []
        pause = max(1, stage.horizon // (2 * room))
        for left in range(room - 1, 0, -1):
            yield draw.between(0, pause)
            if len(coins) >= 3 and (left == 1 or draw.chance(120_000)):
                account = stage.account(owner, "cash-out")
                stage.send_all(coins, account, "collect", OutputRole.DEPOSIT)
                coins = []
            else:
                coins.append(stage.entry(address, stage.about(40), "gift"))
        if coins:
            yield draw.between(0, pause)
            account = stage.account(owner, "cash-out")
            stage.send_all(coins, account, "collect", OutputRole.DEPOSIT)


DONATION_CAMPAIGN = DonationCampaign()
