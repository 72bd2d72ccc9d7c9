package io.logboom.testkit.aws;

import java.util.ArrayList;
import java.util.List;

/**
 * What the environment of a test says of AWS, as the system properties that AWS's SDK reads before
 * variables: at first nothing, whatever the machine has. One test at a time.
 */
public final class AwsVariables implements AutoCloseable {
  private final List<String> set = new ArrayList<>();

  public AwsVariables() {
    set("aws.disableEc2Metadata", "true");
    set("aws.sharedCredentialsFile", "none");
    set("aws.configFile", "none");
  }

  /**
   * One more.
   *
   * @param name such as {@code aws.accessKeyId}, for {@code AWS_ACCESS_KEY_ID}
   */
  public AwsVariables set(String name, String value) {
    System.setProperty(name, value);
    set.add(name);
    return this;
  }

  /** Credentials that {@code aws} gives to containers. */
  public AwsVariables container(FakeAws aws) {
    return set("aws.containerCredentialsFullUri", aws.url() + "/container");
  }

  @Override
  public void close() {
    set.forEach(System::clearProperty);
  }
}
