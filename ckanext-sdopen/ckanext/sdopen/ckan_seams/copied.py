"""What of CKAN, scheming, dcat and activity is copied here: its hash, and where the copy stands.

Where `tests/ckan_seams/test_copied.py` names a function, look what changed in it, let the copy
follow, and write its hash anew. docs/developing.md tells what is copied of each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

# ways that a changed function closes: batches by statements, documents by compiled plans
BULK, INDEX = "bulk", "index"


@dataclass(frozen=True, slots=True)
class Copied:
    """A function or file of another package that one of ours copies, or reaches into.

    `name` is `package.module:name` or `package:/file`, `known` the hash of its source, `copy` our
    module, `ways` what goes the slow way where it changed; it counts where `plugin` is loaded.
    """

    name: str
    known: str
    copy: str
    ways: tuple[str, ...]
    plugin: str


# our module, and what it closes; below it what it follows, as it is known
_LISTED = """
ckan_seams/show: bulk index
    ckan.logic:package_show_default_and_custom_schemas fee344d8ce04fa46
    ckan.logic:apply_after_dataset_show_plugins 1abe975c7d8f0097
    ckan.logic.action.get:package_show a608c4ce7c4be8cb
    ckan.lib.plugins:plugin_validate ef146cf00e82c110
    ckanext.scheming.plugins:SchemingDatasetsPlugin.validate 6679c554728d17af
    ckanext.scheming.plugins:_field_output_validators 7f126633ce600d60
    ckanext.scheming.validation:validators_from_string 3d01fcf998fe677c
ckan_seams/dictized: bulk index
    ckan.lib.dictization.model_dictize:package_dictize 9adaf555cca1b251
    ckan.lib.dictization.model_dictize:resource_dictize 23e811123adb959e
    ckan.lib.dictization.model_dictize:resource_list_dictize 32585567477a7579
    ckan.lib.dictization:table_dictize d1b983a4c92ebffe
    ckan.lib.dictization:obj_list_dictize c9eb32d67a289c99
    ckan.lib.dictization:obj_dict_dictize 89116317fdca40ad
    ckan.model.package:Package.isopen e5aa4e41cb874a9d
ckan_seams/show_schema: bulk index
    ckan.lib.navl.dictization_functions:validate 4b3adc98becd6203
    ckan.lib.navl.dictization_functions:_validate bb04cc68950ffc9b
    ckan.lib.navl.dictization_functions:augment_data dae4ddd23c97e9ee
    ckan.lib.navl.dictization_functions:convert 6706b9f66ed40905
    ckan.lib.navl.dictization_functions:unflatten 5383ddc986ca21c9
    ckan.lib.navl.validators:keep_extras 1b3e18e2423335fd
    ckan.lib.navl.validators:empty e7a16f8b0b6148d1
    ckan.logic.validators:duplicate_extras_key 8bc88199cee60817
    ckan.logic.validators:extras_valid_json 1c60ce7126b6bc89
    ckan.logic.converters:convert_from_extras c77078f28089cb73
ckan_seams/field_validation: bulk index
    ckan.lib.navl.validators:ignore 07203db17189be71
    ckan.lib.navl.validators:ignore_missing 4ac62eeee1badc61
    ckan.lib.navl.validators:not_empty 902300a585c2cf19
    ckan.lib.navl.validators:if_empty_same_as 26b95bed2c491755
    ckan.logic.validators:clean_format 57669d4ab8068c38
    ckan.logic.validators:name_validator bd236f3627fa3ca9
    ckan.logic.validators:package_name_validator 3a6d711f03a34316
    ckan.logic.validators:package_version_validator c1b9c638e18393be
    ckan.logic.converters:remove_whitespace 119dd85f1af77df7
ckan_seams/show: bulk index where dcat
    ckanext.dcat.plugins:DCATPlugin.after_dataset_show 57f9e51dad98c3fc
index/documents/builder: index
    ckan.lib.search.index:PackageSearchIndex.index_package 3ebc82f142a8a4b4
ckan_seams/index_document: nothing
    ckan.logic:index_update_package e951e9b8321565a9
    ckan.logic:index_update_package_dicts 723271856a8a782a
    ckan.lib.search.index:PackageSearchIndex.delete_package 664dfc5445b4a046
ckan_seams/repairs/solr_connection: nothing
    ckan.lib.search.common:make_connection 96a7d2bb47f55eaa
index/documents/builder: index where dcat
    ckanext.dcat.plugins:DCATPlugin.before_dataset_index 2c7624a75bc46f42
bulk/examining/compiled_schema: bulk
    ckanext.scheming.plugins:_field_validators 8148bee705397a95
    ckanext.scheming.plugins:_field_create_validators f5cc3dcb51bfa3ac
    ckan.logic.converters:convert_to_extras 6f83de1583035db8
bulk/examining/examine_record: bulk
    ckanext.scheming.plugins:expand_form_composite bc6d93c78ad07c06
bulk/writing/resource_rows: bulk
    ckan.logic.validators:if_empty_guess_format f6d72203ce557a37
    ckan.lib.dictization.model_save:package_resource_list_save 7b5872510df56c6a
    ckan.lib.dictization.model_save:resource_dict_save cb36a51681a39f73
    ckan.lib.uploader:FKResourceUpload.__init__ 9136d4d4b07866e4
    ckan.lib.uploader:ResourceUpload.__init__ 0edd320615b852db
bulk/examining/permissions: bulk
    ckan.logic.validators:owner_org_validator 46eba51a262a6e05
    ckan.authz:is_authorized 8e50db3c5c02f43e
    ckan.logic.auth.create:package_create 1d5204fd0a310c58
    ckan.logic.auth.update:package_update 9ec51c6daf417b3a
ckan_seams/group_permissions: bulk
    ckan.authz:get_roles_with_permission f2acc8c6b4a339f8
    ckan.authz:has_user_permission_for_group_or_org 497985c9259b77b1
    ckan.authz:_has_user_permission_for_groups 2102c6e94e012c38
bulk/writing/statements: bulk
    ckan.logic.action.create:package_create 83ab7f24e2390a9e
    ckan.logic.action.update:package_update 837b4c54e1bc211e
    ckan.lib.dictization:table_dict_save f6eddf9b89d63347
    ckan.lib.dictization.model_save:package_dict_save 8f2318e4c88eb7d0
bulk/writing/membership: bulk
    ckan.logic.action.update:package_owner_org_update 83f792dee1948a5d
bulk/writing/tags: bulk
    ckan.lib.dictization.model_save:package_tag_list_save 2e0009efd9b0e2c3
bulk/writing/consequences: bulk where activity
    ckanext.activity.subscriptions:_create_package_activity f35c0d342e2110fa
    ckanext.activity.subscriptions:package_changed b746bf0cadc3f397
    ckanext.activity.subscriptions:package_updated b6d2693c04b4c3b8
departments/batch/writing: nothing
    ckan.logic.action.create:_group_or_org_create b9aa0b60c9973b51
    ckan.logic.action.update:_group_or_org_update 2fd16dbce7ffef16
departments/lookups: nothing
    ckan.logic.validators:group_name_validator 2919fe00caf09338
departments/batch/writing: nothing where activity
    ckanext.activity.subscriptions:group_or_org_changed 4532c16904b1b722
access/audience: nothing
    ckan.logic.action.get:package_search 262efb21e238f9d3
access/actions/file_search: nothing
    ckan.logic.action.get:resource_search 2b288d35affc7df9
entries/consequences: nothing
    ckan.logic.action.delete:package_delete ec8ea833477f5516
harvest/reading/tags: nothing
    ckan.logic.validators:tag_length_validator 70608ff8b42c0954
    ckan.logic.validators:tag_name_validator 3c273c26d64344bf
portal/script_text_pages: nothing
    ckan.views.api:i18n_js_translations fb5ed050d4fb6d82
    ckan:/public/base/javascript/client.js 47a087ca83c18ff5
entries/pages: nothing
    ckan.views:set_cache_control_headers_for_response 2749ea337c588c4f
linked_data/profile: nothing where dcat
    ckanext.dcat.profiles.base:RDFProfile.__init__ 0d4f552336398ea3
search/lists/actions: nothing
    ckan.logic.action.get:tag_list c323c00e5b2c8cfe
    ckan.logic.action.get:tag_search 3c19244c2452bac6
    ckan.logic.action.get:tag_autocomplete eb30c58cbc9cddec
    ckan.logic.action.get:tag_show f769f70a77d04054
    ckan.logic.action.get:package_autocomplete 67927abb745f7d24
access/actions/listings: nothing
    ckan.logic.action.get:format_autocomplete 456531e272eff0b3
    ckan.logic.action.get:current_package_list_with_resources 9cccb75d5a4fea9c
departments/listing/list_actions: nothing
    ckan.logic.action.get:_group_or_org_list b3018e93869ad5ad
linked_data/actions: nothing where dcat
    ckanext.dcat.logic:dcat_dataset_show 4e1585da807b88c7
    ckanext.dcat.logic:dcat_catalog_show ebc7a4ed863c542f
    ckanext.dcat.logic:dcat_catalog_search 1c3c70e155c1de99
config/solr: nothing
    ckan:/config/solr/schema.xml 8fbe0eeec2b8fa0a
templates/home: nothing
    ckan:/templates/home/snippets/about_text.html b967119fc72101e7
templates/snippets: nothing
    ckan:/templates/snippets/search_result_text.html 634dd49663ad2b85
templates: nothing
    ckan:/templates/header.html afcd90a014e542e8
    ckan:/templates/error_document_template.html 14ac69677681f5d1
templates/package: nothing
    ckan:/templates/package/edit_base.html 128a662d96ed6d28
    ckan:/templates/package/read_base.html 9214668053e3febb
    ckan:/templates/package/new_package_form.html a437308b09dd6ff2
    ckan:/templates/package/snippets/search_results.html eaf64084099f1b9a
templates/package: nothing where activity
    ckanext.activity:/templates/package/read_base.html 6ed0f80df66f18cd
templates/scheming: nothing
    ckanext.scheming:/templates/scheming/package/read.html 033b4290be7b9951
    ckanext.scheming:/templates/scheming/package/snippets/package_form.html 9742a0be980b466f
tables/closed_columns: nothing
    ckan.lib.uploader:FKResourceUpload.get_path 18993ad3e60ae257
    ckan.lib.uploader:get_resource_uploader 89773a193155d63c
templates/dataviewer: nothing
    ckan:/templates/dataviewer/base.html e2108a36ee695300
templates/datatables: nothing where datatables_view
    ckanext.datatablesview:/templates/datatables/datatables_view.html d64b9e44e65cb08c
    ckanext.datatablesview:/assets/datatablesview.js 5738a73fb5a39848
guard/inline: nothing
    ckan:/templates/package/snippets/resource_upload_field.html f5b767c64775908e
    ckan:/templates/user/snippets/api_token_list.html 4908de656cc1650e
guard/origin_pages: nothing
    ckan.config.middleware.flask_app:ckan_before_request 0eef1844b271ae71
    ckan.config.middleware.flask_app:load_user_from_request f1ec11d7673713e7
    ckan.config.middleware.flask_app:load_user d4113bf89e965999
"""


def _read(listed: str) -> Iterator[Copied]:
    copy, plugin = "", ""
    ways: tuple[str, ...] = ()
    for line in listed.strip().splitlines():
        if line.startswith(" "):
            name, known = line.split()
            yield Copied(name, known, copy, ways, plugin)
        else:
            copy, _, closed = line.partition(": ")
            closed, _, plugin = closed.partition(" where ")
            ways = tuple(way for way in (BULK, INDEX) if way in closed.split())


COPIED: tuple[Copied, ...] = tuple(_read(_LISTED))
