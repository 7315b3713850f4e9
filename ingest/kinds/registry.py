"""All kinds."""

from ingest.kinds.air_paper import AIR_PAPER
from ingest.kinds.blockchain_sz import BLOCKCHAIN_SZ
from ingest.kinds.bus import BUS
from ingest.kinds.digital_air import DIGITAL_AIR
from ingest.kinds.digital_motor_vehicle import DIGITAL_MOTOR_VEHICLE
from ingest.kinds.digital_normal import DIGITAL_NORMAL
from ingest.kinds.digital_paper_motor import DIGITAL_PAPER_MOTOR
from ingest.kinds.digital_paper_normal import DIGITAL_PAPER_NORMAL
from ingest.kinds.digital_paper_special import DIGITAL_PAPER_SPECIAL
from ingest.kinds.digital_paper_used import DIGITAL_PAPER_USED
from ingest.kinds.digital_rail import DIGITAL_RAIL
from ingest.kinds.digital_special import DIGITAL_SPECIAL
from ingest.kinds.digital_toll import DIGITAL_TOLL
from ingest.kinds.digital_used_vehicle import DIGITAL_USED_VEHICLE
from ingest.kinds.fiscal_e_bill import FISCAL_E_BILL
from ingest.kinds.freight_special import FREIGHT_SPECIAL
from ingest.kinds.general_e_gd_zj import GENERAL_E_GD_ZJ
from ingest.kinds.general_machine import GENERAL_MACHINE
from ingest.kinds.motor_vehicle import MOTOR_VEHICLE
from ingest.kinds.quota import QUOTA
from ingest.kinds.ship import SHIP
from ingest.kinds.taxi import TAXI
from ingest.kinds.toll_electronic import TOLL_ELECTRONIC
from ingest.kinds.toll_paper import TOLL_PAPER
from ingest.kinds.train_paper import TRAIN_PAPER
from ingest.kinds.used_vehicle import USED_VEHICLE
from ingest.kinds.vat_normal_electronic import VAT_NORMAL_ELECTRONIC
from ingest.kinds.vat_normal_paper import VAT_NORMAL_PAPER
from ingest.kinds.vat_roll import VAT_ROLL
from ingest.kinds.vat_special_electronic import VAT_SPECIAL_ELECTRONIC
from ingest.kinds.vat_special_paper import VAT_SPECIAL_PAPER

KINDS = (
    DIGITAL_SPECIAL,
    DIGITAL_NORMAL,
    DIGITAL_TOLL,
    DIGITAL_RAIL,
    DIGITAL_AIR,
    DIGITAL_MOTOR_VEHICLE,
    DIGITAL_USED_VEHICLE,
    VAT_NORMAL_ELECTRONIC,
    VAT_SPECIAL_ELECTRONIC,
    TOLL_ELECTRONIC,
    VAT_SPECIAL_PAPER,
    VAT_NORMAL_PAPER,
    VAT_ROLL,
    DIGITAL_PAPER_SPECIAL,
    DIGITAL_PAPER_NORMAL,
    MOTOR_VEHICLE,
    USED_VEHICLE,
    DIGITAL_PAPER_MOTOR,
    DIGITAL_PAPER_USED,
    FREIGHT_SPECIAL,
    TAXI,
    QUOTA,
    GENERAL_MACHINE,
    GENERAL_E_GD_ZJ,
    BLOCKCHAIN_SZ,
    FISCAL_E_BILL,
    TRAIN_PAPER,
    TOLL_PAPER,
    AIR_PAPER,
    BUS,
    SHIP,
)
UNKNOWN = "unknown"
