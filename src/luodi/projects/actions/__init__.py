"""
Writes of projects: one public function per thing a person may do, each one transaction, each refusing with all its reasons.

Every one takes `actor` and `today`; `expected` is the last row id that a page saw, so that nobody overwrites what somebody
else has just changed. They give the ids of the facts appended.
"""

from luodi.projects.actions.assigning import assign_duties as assign_duties
from luodi.projects.actions.assigning import end_duty as end_duty
from luodi.projects.actions.assigning import hand_over as hand_over
from luodi.projects.actions.assigning import hand_over_all as hand_over_all
from luodi.projects.actions.keeping import create_projects as create_projects
from luodi.projects.actions.keeping import put_on_list as put_on_list
from luodi.projects.actions.keeping import revise_project as revise_project
from luodi.projects.actions.keeping import set_plans as set_plans
from luodi.projects.actions.keeping import share_project as share_project
from luodi.projects.actions.keeping import take_off_list as take_off_list
from luodi.projects.actions.keeping import void_row as void_row
from luodi.projects.actions.keeping import write_notes as write_notes
from luodi.projects.actions.merging import merge_projects as merge_projects
from luodi.projects.actions.merging import preview_merge as preview_merge
from luodi.projects.actions.office import Changed as Changed
from luodi.projects.actions.office import NotAllowed as NotAllowed
from luodi.projects.actions.office import NotPossible as NotPossible
from luodi.projects.actions.planning import add_nodes as add_nodes
from luodi.projects.actions.planning import approve_excuse as approve_excuse
from luodi.projects.actions.planning import ask_excuse as ask_excuse
from luodi.projects.actions.planning import drop_node as drop_node
from luodi.projects.actions.planning import move_node as move_node
from luodi.projects.actions.planning import reach_node as reach_node
from luodi.projects.actions.planning import refuse_excuse as refuse_excuse
from luodi.projects.actions.solving import close_problem as close_problem
from luodi.projects.actions.solving import move_problem as move_problem
from luodi.projects.actions.solving import raise_problem as raise_problem
from luodi.projects.actions.solving import reopen_problem as reopen_problem
from luodi.projects.actions.solving import report_on_problem as report_on_problem
from luodi.projects.actions.solving import settle_problem as settle_problem
from luodi.projects.actions.staging import claim_stages as claim_stages
from luodi.projects.actions.staging import correct_stage as correct_stage
from luodi.projects.actions.staging import send_back_stages as send_back_stages
from luodi.projects.actions.staging import verify_stages as verify_stages
from luodi.projects.actions.staging import void_stage as void_stage
from luodi.projects.actions.staging import withdraw_verifications as withdraw_verifications
