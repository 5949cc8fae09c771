CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.allocations (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    version character varying(15),
    id integer NOT NULL,
    uuid character varying(36) NOT NULL,
    name character varying(255),
    node_id integer,
    state character varying(15) NOT NULL,
    last_error text,
    resource_class character varying(80),
    traits text,
    candidate_nodes text,
    extra text,
    conductor_affinity integer,
    owner character varying(255)
);
CREATE SEQUENCE public.allocations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.allocations_id_seq OWNED BY public.allocations.id;
CREATE TABLE public.bios_settings (
    node_id integer NOT NULL,
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    name character varying(255) NOT NULL,
    value text,
    version character varying(15),
    attribute_type character varying(255),
    allowable_values text,
    lower_bound bigint,
    max_length integer,
    min_length integer,
    read_only boolean,
    reset_required boolean,
    "unique" boolean,
    upper_bound bigint
);
CREATE TABLE public.chassis (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    extra text,
    description character varying(255),
    version character varying(15)
);
CREATE SEQUENCE public.chassis_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.chassis_id_seq OWNED BY public.chassis.id;
CREATE TABLE public.conductor_hardware_interfaces (
    id integer NOT NULL,
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    conductor_id integer NOT NULL,
    hardware_type character varying(255) NOT NULL,
    interface_type character varying(16) NOT NULL,
    interface_name character varying(255) NOT NULL,
    "default" boolean NOT NULL,
    version character varying(15)
);
CREATE SEQUENCE public.conductor_hardware_interfaces_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.conductor_hardware_interfaces_id_seq OWNED BY public.conductor_hardware_interfaces.id;
CREATE TABLE public.conductors (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    hostname character varying(255) NOT NULL,
    drivers text,
    online boolean,
    version character varying(15),
    conductor_group character varying(255) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.conductors_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.conductors_id_seq OWNED BY public.conductors.id;
CREATE TABLE public.deploy_template_steps (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    deploy_template_id integer NOT NULL,
    interface character varying(255) NOT NULL,
    step character varying(255) NOT NULL,
    args text NOT NULL,
    priority integer NOT NULL
);
CREATE SEQUENCE public.deploy_template_steps_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.deploy_template_steps_id_seq OWNED BY public.deploy_template_steps.id;
CREATE TABLE public.deploy_templates (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    name character varying(255) NOT NULL,
    extra text
);
CREATE SEQUENCE public.deploy_templates_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.deploy_templates_id_seq OWNED BY public.deploy_templates.id;
CREATE TABLE public.firmware_information (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    node_id integer NOT NULL,
    component character varying(255) NOT NULL,
    initial_version character varying(255) NOT NULL,
    current_version character varying(255),
    last_version_flashed character varying(255),
    version character varying(15),
    vendor character varying(255),
    model character varying(255),
    serial_number character varying(255)
);
CREATE SEQUENCE public.firmware_information_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.firmware_information_id_seq OWNED BY public.firmware_information.id;
CREATE TABLE public.inspection_rules (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36) NOT NULL,
    priority integer NOT NULL,
    description character varying(255),
    scope character varying(255),
    sensitive boolean,
    phase character varying(16),
    conditions text,
    actions text NOT NULL
);
CREATE SEQUENCE public.inspection_rules_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.inspection_rules_id_seq OWNED BY public.inspection_rules.id;
CREATE TABLE public.node_history (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36) NOT NULL,
    conductor character varying(255),
    event_type character varying(255),
    severity character varying(255),
    event text,
    "user" character varying(64),
    node_id integer,
    project character varying(80),
    state character varying(255),
    target_provision_state character varying(255),
    duration_seconds integer
);
CREATE SEQUENCE public.node_history_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.node_history_id_seq OWNED BY public.node_history.id;
CREATE TABLE public.node_inventory (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    inventory_data text,
    plugin_data text,
    node_id integer
);
CREATE SEQUENCE public.node_inventory_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.node_inventory_id_seq OWNED BY public.node_inventory.id;
CREATE TABLE public.node_tags (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    node_id integer NOT NULL,
    tag character varying(255) NOT NULL,
    version character varying(15)
);
CREATE TABLE public.node_traits (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    node_id integer NOT NULL,
    trait character varying(255) NOT NULL
);
CREATE TABLE public.nodes (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    instance_uuid character varying(36),
    chassis_id integer,
    power_state character varying(15),
    target_power_state character varying(15),
    provision_state character varying(15),
    target_provision_state character varying(15),
    last_error text,
    properties text,
    driver character varying(255),
    driver_info text,
    reservation character varying(255),
    maintenance boolean,
    extra text,
    provision_updated_at timestamp without time zone,
    console_enabled boolean,
    instance_info text,
    conductor_affinity integer,
    maintenance_reason text,
    driver_internal_info text,
    name character varying(255),
    inspection_started_at timestamp without time zone,
    inspection_finished_at timestamp without time zone,
    clean_step text,
    raid_config text,
    target_raid_config text,
    network_interface character varying(255),
    resource_class character varying(80),
    boot_interface character varying(255),
    console_interface character varying(255),
    deploy_interface character varying(255),
    inspect_interface character varying(255),
    management_interface character varying(255),
    power_interface character varying(255),
    raid_interface character varying(255),
    vendor_interface character varying(255),
    storage_interface character varying(255),
    version character varying(15),
    rescue_interface character varying(255),
    bios_interface character varying(255),
    fault character varying(255),
    deploy_step text,
    conductor_group character varying(255) DEFAULT ''::character varying NOT NULL,
    automated_clean boolean,
    protected boolean DEFAULT false NOT NULL,
    protected_reason text,
    owner character varying(255),
    allocation_id integer,
    description text,
    retired boolean DEFAULT false,
    retired_reason text,
    lessee character varying(255),
    network_data text,
    boot_mode character varying(16),
    secure_boot boolean,
    shard character varying(255),
    parent_node character varying(36),
    firmware_interface character varying(255),
    service_step text,
    disable_power_off boolean DEFAULT false,
    instance_name character varying(255),
    health character varying(32)
);
CREATE SEQUENCE public.nodes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.nodes_id_seq OWNED BY public.nodes.id;
CREATE TABLE public.portgroups (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    name character varying(255),
    node_id integer,
    address character varying(18),
    extra text,
    internal_info text,
    standalone_ports_supported boolean,
    properties text,
    mode character varying(255),
    version character varying(15),
    physical_network character varying(64),
    category character varying(80),
    dynamic_portgroup boolean
);
CREATE SEQUENCE public.portgroups_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.portgroups_id_seq OWNED BY public.portgroups.id;
CREATE TABLE public.ports (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    address character varying(18),
    node_id integer,
    extra text,
    local_link_connection text,
    portgroup_id integer,
    pxe_enabled boolean,
    internal_info text,
    physical_network character varying(64),
    version character varying(15),
    is_smartnic boolean,
    name character varying(255),
    description character varying(255),
    vendor character varying(32),
    category character varying(80),
    available_for_dynamic_portgroup boolean DEFAULT true NOT NULL
);
CREATE SEQUENCE public.ports_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ports_id_seq OWNED BY public.ports.id;
CREATE TABLE public.runbook_steps (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    runbook_id integer NOT NULL,
    interface character varying(255) NOT NULL,
    step character varying(255) NOT NULL,
    args text NOT NULL,
    "order" integer NOT NULL
);
CREATE SEQUENCE public.runbook_steps_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.runbook_steps_id_seq OWNED BY public.runbook_steps.id;
CREATE TABLE public.runbook_traits (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    runbook_id integer NOT NULL,
    trait character varying(255) NOT NULL
);
CREATE TABLE public.runbooks (
    version character varying(15),
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    name character varying(255) NOT NULL,
    disable_ramdisk boolean,
    public boolean,
    owner character varying(255),
    extra text,
    description character varying(255)
);
CREATE SEQUENCE public.runbooks_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.runbooks_id_seq OWNED BY public.runbooks.id;
CREATE TABLE public.volume_connectors (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    node_id integer,
    type character varying(32),
    connector_id character varying(255),
    extra text,
    version character varying(15)
);
CREATE SEQUENCE public.volume_connectors_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.volume_connectors_id_seq OWNED BY public.volume_connectors.id;
CREATE TABLE public.volume_targets (
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    id integer NOT NULL,
    uuid character varying(36),
    node_id integer,
    volume_type character varying(64),
    properties text,
    boot_index integer,
    volume_id character varying(36),
    extra text,
    version character varying(15)
);
CREATE SEQUENCE public.volume_targets_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.volume_targets_id_seq OWNED BY public.volume_targets.id;
ALTER TABLE ONLY public.allocations ALTER COLUMN id SET DEFAULT nextval('public.allocations_id_seq'::regclass);
ALTER TABLE ONLY public.chassis ALTER COLUMN id SET DEFAULT nextval('public.chassis_id_seq'::regclass);
ALTER TABLE ONLY public.conductor_hardware_interfaces ALTER COLUMN id SET DEFAULT nextval('public.conductor_hardware_interfaces_id_seq'::regclass);
ALTER TABLE ONLY public.conductors ALTER COLUMN id SET DEFAULT nextval('public.conductors_id_seq'::regclass);
ALTER TABLE ONLY public.deploy_template_steps ALTER COLUMN id SET DEFAULT nextval('public.deploy_template_steps_id_seq'::regclass);
ALTER TABLE ONLY public.deploy_templates ALTER COLUMN id SET DEFAULT nextval('public.deploy_templates_id_seq'::regclass);
ALTER TABLE ONLY public.firmware_information ALTER COLUMN id SET DEFAULT nextval('public.firmware_information_id_seq'::regclass);
ALTER TABLE ONLY public.inspection_rules ALTER COLUMN id SET DEFAULT nextval('public.inspection_rules_id_seq'::regclass);
ALTER TABLE ONLY public.node_history ALTER COLUMN id SET DEFAULT nextval('public.node_history_id_seq'::regclass);
ALTER TABLE ONLY public.node_inventory ALTER COLUMN id SET DEFAULT nextval('public.node_inventory_id_seq'::regclass);
ALTER TABLE ONLY public.nodes ALTER COLUMN id SET DEFAULT nextval('public.nodes_id_seq'::regclass);
ALTER TABLE ONLY public.portgroups ALTER COLUMN id SET DEFAULT nextval('public.portgroups_id_seq'::regclass);
ALTER TABLE ONLY public.ports ALTER COLUMN id SET DEFAULT nextval('public.ports_id_seq'::regclass);
ALTER TABLE ONLY public.runbook_steps ALTER COLUMN id SET DEFAULT nextval('public.runbook_steps_id_seq'::regclass);
ALTER TABLE ONLY public.runbooks ALTER COLUMN id SET DEFAULT nextval('public.runbooks_id_seq'::regclass);
ALTER TABLE ONLY public.volume_connectors ALTER COLUMN id SET DEFAULT nextval('public.volume_connectors_id_seq'::regclass);
ALTER TABLE ONLY public.volume_targets ALTER COLUMN id SET DEFAULT nextval('public.volume_targets_id_seq'::regclass);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT allocations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bios_settings
    ADD CONSTRAINT bios_settings_pkey PRIMARY KEY (node_id, name);
ALTER TABLE ONLY public.chassis
    ADD CONSTRAINT chassis_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conductor_hardware_interfaces
    ADD CONSTRAINT conductor_hardware_interfaces_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conductors
    ADD CONSTRAINT conductors_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.deploy_template_steps
    ADD CONSTRAINT deploy_template_steps_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.deploy_templates
    ADD CONSTRAINT deploy_templates_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.firmware_information
    ADD CONSTRAINT firmware_information_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.inspection_rules
    ADD CONSTRAINT inspection_rules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.node_history
    ADD CONSTRAINT node_history_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.node_inventory
    ADD CONSTRAINT node_inventory_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.node_tags
    ADD CONSTRAINT node_tags_pkey PRIMARY KEY (node_id, tag);
ALTER TABLE ONLY public.node_traits
    ADD CONSTRAINT node_traits_pkey PRIMARY KEY (node_id, trait);
ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portgroups
    ADD CONSTRAINT portgroups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ports
    ADD CONSTRAINT ports_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.runbook_steps
    ADD CONSTRAINT runbook_steps_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.runbook_traits
    ADD CONSTRAINT runbook_traits_pkey PRIMARY KEY (runbook_id, trait);
ALTER TABLE ONLY public.runbooks
    ADD CONSTRAINT runbooks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT uniq_allocations0name UNIQUE (name);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT uniq_allocations0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.chassis
    ADD CONSTRAINT uniq_chassis0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.conductor_hardware_interfaces
    ADD CONSTRAINT uniq_conductorhardwareinterfaces0 UNIQUE (conductor_id, hardware_type, interface_type, interface_name);
ALTER TABLE ONLY public.conductors
    ADD CONSTRAINT uniq_conductors0hostname UNIQUE (hostname);
ALTER TABLE ONLY public.deploy_templates
    ADD CONSTRAINT uniq_deploytemplates0name UNIQUE (name);
ALTER TABLE ONLY public.deploy_templates
    ADD CONSTRAINT uniq_deploytemplates0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.node_history
    ADD CONSTRAINT uniq_history0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.inspection_rules
    ADD CONSTRAINT uniq_inspection_rules0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.firmware_information
    ADD CONSTRAINT uniq_nodecomponent0node_id0component UNIQUE (node_id, component);
ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT uniq_nodes0instance_uuid UNIQUE (instance_uuid);
ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT uniq_nodes0name UNIQUE (name);
ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT uniq_nodes0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.portgroups
    ADD CONSTRAINT uniq_portgroups0address UNIQUE (address);
ALTER TABLE ONLY public.portgroups
    ADD CONSTRAINT uniq_portgroups0name UNIQUE (name);
ALTER TABLE ONLY public.portgroups
    ADD CONSTRAINT uniq_portgroups0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.ports
    ADD CONSTRAINT uniq_ports0address UNIQUE (address);
ALTER TABLE ONLY public.ports
    ADD CONSTRAINT uniq_ports0name UNIQUE (name);
ALTER TABLE ONLY public.ports
    ADD CONSTRAINT uniq_ports0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.runbooks
    ADD CONSTRAINT uniq_runbooks0name UNIQUE (name);
ALTER TABLE ONLY public.runbooks
    ADD CONSTRAINT uniq_runbooks0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.volume_connectors
    ADD CONSTRAINT uniq_volumeconnectors0type0connector_id UNIQUE (type, connector_id);
ALTER TABLE ONLY public.volume_connectors
    ADD CONSTRAINT uniq_volumeconnectors0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.volume_targets
    ADD CONSTRAINT uniq_volumetargets0node_id0boot_index UNIQUE (node_id, boot_index);
ALTER TABLE ONLY public.volume_targets
    ADD CONSTRAINT uniq_volumetargets0uuid UNIQUE (uuid);
ALTER TABLE ONLY public.volume_connectors
    ADD CONSTRAINT volume_connectors_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.volume_targets
    ADD CONSTRAINT volume_targets_pkey PRIMARY KEY (id);
CREATE INDEX conductor_group_idx ON public.nodes USING btree (conductor_group);
CREATE INDEX deploy_template_id ON public.deploy_template_steps USING btree (deploy_template_id);
CREATE INDEX deploy_template_steps_interface_idx ON public.deploy_template_steps USING btree (interface);
CREATE INDEX deploy_template_steps_step_idx ON public.deploy_template_steps USING btree (step);
CREATE INDEX driver_idx ON public.nodes USING btree (driver);
CREATE INDEX history_conductor_idx ON public.node_history USING btree (conductor);
CREATE INDEX history_node_id_idx ON public.node_history USING btree (node_id);
CREATE INDEX history_uuid_idx ON public.node_history USING btree (uuid);
CREATE INDEX inspection_rule_phase_idx ON public.inspection_rules USING btree (phase);
CREATE INDEX inspection_rule_scope_idx ON public.inspection_rules USING btree (scope);
CREATE INDEX inventory_node_id_idx ON public.node_inventory USING btree (node_id);
CREATE INDEX lessee_idx ON public.nodes USING btree (lessee);
CREATE INDEX node_tags_idx ON public.node_tags USING btree (tag);
CREATE INDEX node_traits_idx ON public.node_traits USING btree (trait);
CREATE INDEX owner_idx ON public.nodes USING btree (owner);
CREATE INDEX parent_node_idx ON public.nodes USING btree (parent_node);
CREATE INDEX provision_state_idx ON public.nodes USING btree (provision_state);
CREATE INDEX reservation_idx ON public.nodes USING btree (reservation);
CREATE INDEX resource_class_idx ON public.nodes USING btree (resource_class);
CREATE INDEX runbook_id ON public.runbook_steps USING btree (runbook_id);
CREATE INDEX runbook_steps_interface_idx ON public.runbook_steps USING btree (interface);
CREATE INDEX runbook_steps_step_idx ON public.runbook_steps USING btree (step);
CREATE INDEX runbook_traits_idx ON public.runbook_traits USING btree (trait);
CREATE INDEX shard_idx ON public.nodes USING btree (shard);
ALTER TABLE ONLY public.bios_settings
    ADD CONSTRAINT bios_settings_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.conductor_hardware_interfaces
    ADD CONSTRAINT conductor_hardware_interfaces_conductor_id_fkey FOREIGN KEY (conductor_id) REFERENCES public.conductors(id);
ALTER TABLE ONLY public.deploy_template_steps
    ADD CONSTRAINT deploy_template_steps_deploy_template_id_fkey FOREIGN KEY (deploy_template_id) REFERENCES public.deploy_templates(id);
ALTER TABLE ONLY public.firmware_information
    ADD CONSTRAINT firmware_information_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.ports
    ADD CONSTRAINT fk_portgroups_ports FOREIGN KEY (portgroup_id) REFERENCES public.portgroups(id);
ALTER TABLE ONLY public.node_history
    ADD CONSTRAINT node_history_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.node_inventory
    ADD CONSTRAINT node_inventory_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.node_tags
    ADD CONSTRAINT node_tags_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.node_traits
    ADD CONSTRAINT node_traits_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_allocation_id_fkey FOREIGN KEY (allocation_id) REFERENCES public.allocations(id);
ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_chassis_id_fkey FOREIGN KEY (chassis_id) REFERENCES public.chassis(id);
ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_conductor_affinity_fk FOREIGN KEY (conductor_affinity) REFERENCES public.conductors(id);
ALTER TABLE ONLY public.portgroups
    ADD CONSTRAINT portgroups_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.ports
    ADD CONSTRAINT ports_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.runbook_steps
    ADD CONSTRAINT runbook_steps_runbook_id_fkey FOREIGN KEY (runbook_id) REFERENCES public.runbooks(id);
ALTER TABLE ONLY public.runbook_traits
    ADD CONSTRAINT runbook_traits_runbook_id_fkey FOREIGN KEY (runbook_id) REFERENCES public.runbooks(id);
ALTER TABLE ONLY public.volume_connectors
    ADD CONSTRAINT volume_connectors_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
ALTER TABLE ONLY public.volume_targets
    ADD CONSTRAINT volume_targets_node_id_fkey FOREIGN KEY (node_id) REFERENCES public.nodes(id);
INSERT INTO public.alembic_version VALUES ('9fb44677ef15');
