"""Types that the API of Config has no name for: a recorder can neither leave them out nor be told
how often to record them. Source: AWS Config API Reference, `ResourceType`."""

UNNAMED = frozenset(
    {
        "AWS::::Account",
        "AWS::EC2::Image",
        "AWS::EC2::Snapshot",
        "AWS::EMR::Cluster",
        "AWS::LakeFormation::PrincipalPermissions",
        "AWS::Logs::LogGroup",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::EndpointConfig",
        "AWS::SageMaker::ModelPackageGroup",
        "AWS::SageMaker::MonitoringSchedule",
        "AWS::SageMaker::NotebookInstance",
        "AWS::SageMaker::ProcessingJob",
        "AWS::SageMaker::TrainingJob",
        "AWS::SageMaker::TransformJob",
    }
)
